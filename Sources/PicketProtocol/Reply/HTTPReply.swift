public import NIOCore
public import NIOHTTP1

/// A complete reply: status, headers, body. `Content-Length` and `Connection` are the connection's to add.
public struct HTTPReply: Sendable {
    public let status: HTTPResponseStatus
    public var headers: HTTPHeaders
    public var body: ByteBuffer

    public init(status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The whole reply as HTTP/1.1 that ends its connection, for those who get no further than that.
    public func serialised() -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for (name, value) in headers { buffer.writeString("\(name): \(value)\r\n") }
        buffer.writeString("Content-Length: \(body.readableBytes)\r\nConnection: close\r\n\r\n")
        buffer.writeImmutableBuffer(body)
        return buffer
    }

    /// A JSON object.
    static func json(_ status: HTTPResponseStatus, _ body: (inout JSONWriter) -> Void) -> HTTPReply {
        var writer = JSONWriter()
        writer.object(body)
        return HTTPReply(status: status, headers: ["Content-Type": "application/json"], body: writer.buffer)
    }
}

extension HTTPReply {
    /// The protocol's error body: `{"error": …}`, with the request's id where it is known.
    public init(_ refusal: Refusal) {
        self = .json(refusal.reason.status) { writer in
            writer.member("error", refusal.message)
            if let id = refusal.id { writer.member("id", id) }
        }
        switch refusal.reason {
        case .busy, .unavailable: headers.add(name: "Retry-After", value: "1")
        default: break
        }
    }
}

extension Refusal.Reason {
    /// The reason in HTTP.
    public var status: HTTPResponseStatus {
        switch self {
        case .malformed: .badRequest
        case .rejected: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .tooSlow: .requestTimeout
        case .tooLarge: .payloadTooLarge
        case .unsupportedEncoding: .unsupportedMediaType
        case .expectationFailed: .expectationFailed
        case .busy: .tooManyRequests
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .failed: .internalServerError
        case .notSupported: .notImplemented
        case .unavailable: .serviceUnavailable
        case .deadlinePassed: .gatewayTimeout
        case .versionNotSupported: .httpVersionNotSupported
        }
    }
}
