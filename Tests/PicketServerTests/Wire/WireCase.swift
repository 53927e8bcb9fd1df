import Foundation
import Testing

/// A request that somebody sends over the socket and the answer that the documentation promises, as data.
///
/// In every text, `<REPEAT n text>` stands for `text` n times.
struct WireCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    /// What the case shows, where its name does not say.
    let about: String?

    // The request: either its bytes …
    let raw: String?
    let rawHex: String?
    /// Further bytes that are sent once the first reply is there.
    let then: String?
    // … or its parts, from which line and headers are made.
    let method: String?
    let target: String?
    let headers: [[String]]?
    let body: String?
    /// Bytes behind the body, announced by Inference-Header-Content-Length.
    let binaryHex: String?
    /// The body goes out in chunks of this many bytes.
    let chunk: Int?
    /// What the sender does when all is sent: `half` ends its side, `close` leaves.
    let finally: String?

    // The answer.
    /// Nil: the connection ends without a reply, or with the bytes of `replyHex`.
    let status: Int?
    /// All that comes back where the reply is not HTTP/1.1.
    let replyHex: String?
    /// Statuses of further replies on the connection.
    let further: [Int]?
    let contains: [String]?
    let lacks: [String]?
    /// The reply's body, byte for byte.
    let replyBodyHex: String?
    let replyHeaders: [String: String]?
    /// The server ends the connection.
    let ends: Bool?

    var testDescription: String { name }

    static func load() throws -> [WireCase] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Cases/wire")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.flatMap { file in
            try JSONDecoder().decode([WireCase].self, from: Data(contentsOf: file))
        }
    }

    /// The bytes of the request.
    func bytes() -> [UInt8] {
        if let rawHex { return WireCase.bytes(hex: rawHex) }
        if let raw { return Array(WireCase.expanded(raw).utf8) }
        let body = WireCase.expanded(body ?? "")
        let binary = WireCase.bytes(hex: binaryHex ?? "")
        var head = "\(method ?? "POST") \(target ?? "/v2/models/sum/infer") HTTP/1.1\r\nHost: picket\r\n"
        for header in headers ?? [] { head += "\(header[0]): \(WireCase.expanded(header[1]))\r\n" }
        if binaryHex != nil, !(headers ?? []).contains(where: { $0[0] == "Inference-Header-Content-Length" }) {
            head += "Inference-Header-Content-Length: \(body.utf8.count)\r\n"
        }
        let content = Array(body.utf8) + binary
        guard let chunk else {
            return Array((head + "Content-Length: \(content.count)\r\n\r\n").utf8) + content
        }
        var bytes = Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
        for start in stride(from: 0, to: content.count, by: chunk) {
            let part = content[start..<min(start + chunk, content.count)]
            bytes += Array((String(part.count, radix: 16) + "\r\n").utf8) + part + Array("\r\n".utf8)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }

    static func expanded(_ text: String) -> String {
        text.replacing(#/<REPEAT (\d+) ([^>]*)>/#) { match in
            String(repeating: String(match.2), count: Int(match.1) ?? 0)
        }
    }

    static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
