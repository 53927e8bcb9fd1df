internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import PicketProtocol
internal import PicketTensor

/// A client of the protocol over one connection to a Unix socket; requests go one after the other.
public struct InferenceClient: ~Copyable {
    typealias Connection = NIOAsyncChannel<NIOHTTPClientResponseFull, HTTPClientRequestPart>

    private var replies: NIOAsyncChannelInboundStream<NIOHTTPClientResponseFull>.AsyncIterator
    private let requests: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>

    private init(
        replies: NIOAsyncChannelInboundStream<NIOHTTPClientResponseFull>.AsyncIterator,
        requests: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) {
        self.replies = replies
        self.requests = requests
    }

    /// Connects, runs `body`, disconnects.
    ///
    /// - Parameters:
    ///   - path: of the socket.
    ///   - maximumReplyBytes: larger replies are an error, and so are those above 1 GiB.
    public static func connected<Result: Sendable>(
        to path: String,
        maximumReplyBytes: Int = 1 << 30,
        _ body: @Sendable (inout InferenceClient) async throws -> Result
    ) async throws -> Result {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let connection: Connection
        do {
            connection = try await bootstrap.connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        NIOHTTPClientResponseAggregator(
                            maxContentLength: min(maximumReplyBytes, RequestBody.maximumLength)
                        )
                    )
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        } catch {
            throw InferenceClientError("\(path): \(error)")
        }
        return try await connection.executeThenClose { replies, requests in
            var client = InferenceClient(replies: replies.makeAsyncIterator(), requests: requests)
            return try await body(&client)
        }
    }

    /// Asks for an inference.
    public mutating func infer(_ call: InferCall) async throws -> InferResponse {
        let byteCount = call.inputs.reduce(0) { $0 + $1.tensor.byteCount }
        guard byteCount <= RequestBody.maximumLength else {
            throw InferenceClientError("\(byteCount) bytes of inputs, expected at most \(RequestBody.maximumLength)")
        }
        let (head, body) = call.encoded()
        let reply = try await exchange(head, body)
        return try InferResponse(reply.head, body: reply.body ?? ByteBuffer())
    }

    /// Asks for a model's metadata.
    public mutating func metadata(of model: String) async throws -> ModelMetadata {
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: InferCall.target(model: model),
            headers: ["Host": "picket"]
        )
        let reply = try await exchange(head, nil)
        let body = reply.body ?? ByteBuffer()
        guard reply.head.status == .ok else {
            if case .refused(let status, let message, _) = try InferResponse(reply.head, body: body) {
                throw InferenceClientError("\(status): \(message)")
            }
            throw InferenceClientError("\(reply.head.status.code)")
        }
        return try ModelMetadata(reading: body)
    }

    private mutating func exchange(
        _ head: HTTPRequestHead,
        _ body: ByteBuffer?
    ) async throws -> NIOHTTPClientResponseFull {
        try await requests.write(.head(head))
        if let body { try await requests.write(.body(.byteBuffer(body))) }
        try await requests.write(.end(nil))
        guard let reply = try await replies.next() else {
            throw InferenceClientError("the server closed the connection before it replied")
        }
        return reply
    }
}

/// Why there is no reply.
public struct InferenceClientError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
