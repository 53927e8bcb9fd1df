import Foundation
import Glibc

/// A client that sends what it likes. Blocking.
final class SocketClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Unusable("socket: \(String(cString: strerror(errno)))") }
        guard UnixAddress.with(path, { connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw Unusable("connect \(path): \(String(cString: strerror(code)))")
        }
        // A daemon that hangs shows as a failure, not as a test that never ends.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends as much as the other side takes.
    func send(_ bytes: some Sequence<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// No more will be sent.
    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The next reply, informational ones left out; nil where the connection ends before it is whole.
    func reply() throws -> Reply? {
        while true {
            guard let reply = try anyReply() else { return nil }
            if reply.status >= 200 { return reply }
        }
    }

    /// The next reply, be it an informational one; nil where the connection ends before it is whole.
    func anyReply() throws -> Reply? {
        let mark = Array("\r\n\r\n".utf8)
        while received.firstRange(of: mark) == nil {
            guard try receive() else { return nil }
        }
        guard let end = received.firstRange(of: mark) else { return nil }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeSubrange(..<end.upperBound)
        var headers: [String: String] = [:]
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while received.count < length {
            guard try receive() else { return nil }
        }
        let body = Array(received[..<length])
        received.removeSubrange(..<length)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Reply(status: status, headers: headers, body: body)
    }

    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { received += buffer[..<count] }
        // A reset after what was to be read is an end like another.
        guard count >= 0 || errno == ECONNRESET else { throw Unusable("recv: \(String(cString: strerror(errno)))") }
        return count > 0
    }
}
