internal import NIOHTTP1

/// What a request's headers say of its body, read as strictly as a guard reads: what two readers could take for two
/// different requests is refused (RFC 9112, section 6).
struct BodyFraming {
    /// The body's bytes where they are known beforehand: 0 without a body, nil where it comes in chunks.
    let length: Int?
    let expectsContinue: Bool
    /// Behind such a request the HTTP decoder stops reading, whatever becomes of it.
    let isUpgrade: Bool
    private let headers: HTTPHeaders

    init(_ head: HTTPRequestHead) throws(Refusal) {
        headers = head.headers
        isUpgrade = head.method == .CONNECT || head.headers.contains(name: "Upgrade")
        guard head.version.major == 1 else {
            throw Refusal(.versionNotSupported, "HTTP/\(head.version.major), expected HTTP/1.1")
        }
        let lengths = head.headers["Content-Length"]
        let codings = head.headers["Transfer-Encoding"]
        guard head.headers["Host"].count <= 1 else {
            throw .malformed("Host: \(head.headers["Host"].count) of them, expected one")
        }
        switch (lengths.count, codings.count) {
        case (0, 0): length = 0
        case (1, 0):
            guard let parsed = BodyFraming.natural(lengths[0]) else {
                throw .malformed("Content-Length \(quoted(lengths[0])), expected a number of bytes")
            }
            length = parsed
        case (0, 1):
            guard codings[0].lowercased() == "chunked" else {
                throw Refusal(.notSupported, "Transfer-Encoding \(quoted(codings[0])), expected chunked")
            }
            guard head.version.minor >= 1 else {
                throw .malformed("Transfer-Encoding in HTTP/1.0, expected Content-Length")
            }
            length = nil
        default:
            throw .malformed(
                "\(lengths.count) Content-Length and \(codings.count) Transfer-Encoding, expected one of them"
            )
        }
        let expectations = head.headers["Expect"]
        switch expectations.count {
        case 0: expectsContinue = false
        case 1 where expectations[0].lowercased() == "100-continue":
            // HTTP/1.0 does not know it, and without a body there is nothing to continue (RFC 9110, section 10.1.1).
            expectsContinue = head.version.minor >= 1 && length != 0
        default:
            throw Refusal(.expectationFailed, "Expect \(quoted(expectations[0])), expected 100-continue")
        }
    }

    /// - Throws: for a compressed body.
    func checkEncoding() throws(Refusal) {
        for encoding in headers["Content-Encoding"] where encoding.lowercased() != "identity" {
            throw Refusal(.unsupportedEncoding, "Content-Encoding \(quoted(encoding)), expected none")
        }
    }

    /// How many bytes of JSON come before the binary tensors; nil where the header is absent.
    func inferenceHeaderLength() throws(Refusal) -> Int? {
        let name = "Inference-Header-Content-Length"
        let values = headers[name]
        guard let value = values.first else { return nil }
        guard values.count == 1 else {
            throw .malformed("\(name): \(values.count) of them, expected one")
        }
        guard let length = BodyFraming.natural(value), length > 0 else {
            throw .malformed("\(name) \(quoted(value)), expected a number of bytes, 1 or more")
        }
        if let body = self.length, length > body {
            throw .malformed("\(name) \(length), expected at most the Content-Length, \(body)")
        }
        return length
    }

    /// Digits alone; nil beyond what an `Int` holds.
    private static func natural(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int(text)
    }
}
