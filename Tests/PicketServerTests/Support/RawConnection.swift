import Glibc
import Testing

/// A Unix socket in the hands of somebody who sends what they like. Blocking.
final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private(set) var hasEnded = false

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: String
        let bytes: [UInt8]
    }

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, 1, 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0 else {
            let code = errno
            close(descriptor)
            throw Failure(call: "connect", code: code)
        }
        // A broken server shows as a failure, not as a test that never ends.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends as much as the other side takes.
    ///
    /// - Returns: whether that was all.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func send(_ text: String) {
        send(text.utf8)
    }

    /// No more will be sent.
    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The next reply, informational ones too; nil where the connection ends before it is whole.
    func reply() throws -> Reply? {
        var head: [UInt8]?
        while head == nil {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                head = Array(received[..<end.lowerBound])
                received.removeSubrange(..<end.upperBound)
            } else if !(try receive()) {
                return nil
            }
        }
        let lines = String(decoding: head ?? [], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while received.count < length {
            guard try receive() else { return nil }
        }
        let body = Array(received[..<length])
        received.removeSubrange(..<length)
        return Reply(status: status, headers: headers, body: String(decoding: body, as: UTF8.self), bytes: body)
    }

    /// Everything up to the connection's end.
    func rest() throws -> [UInt8] {
        while try receive() {}
        defer { received = [] }
        return received
    }

    private func receive() throws -> Bool {
        if hasEnded { return false }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 {
            received += buffer[..<count]
            return true
        }
        // A reset after what was to be read is an end like another.
        guard count == 0 || errno == ECONNRESET else { throw Failure(call: "recv", code: errno) }
        hasEnded = true
        return false
    }
}

/// A request that the model "sum" answers with 10.
enum Sound {
    static let body = #"{"id":"sound","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}"#
    static let request =
        "POST /v2/models/sum/infer HTTP/1.1\r\nHost: picket\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"

    /// Whether the server at `path` answers it.
    static func isAnswered(at path: String) throws -> Bool {
        let connection = try RawConnection(path)
        connection.send(request)
        guard let reply = try connection.reply() else { return false }
        return reply.status == 200 && reply.body.contains(#""data":[10.0]"#)
    }
}

/// Expects that the server at `path` answers a sound request.
func expectServed(at path: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let isAnswered = try await blocking { try Sound.isAnswered(at: path) }
    #expect(isAnswered, "a sound request is served", sourceLocation: sourceLocation)
}
