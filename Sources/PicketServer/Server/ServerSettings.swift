internal import NIOCore
public import PicketProtocol

/// What the server is told at start. Everything has been looked up and checked.
public struct ServerSettings: Sendable {
    public struct Listener: Sendable, Hashable {
        public enum Endpoint: Sendable, Hashable {
            case unix(path: String, mode: UInt32)
            /// By its `FileDescriptorName=`.
            case systemd(name: String)
        }

        public var endpoint: Endpoint
        public var access: PeerAccess

        public init(_ endpoint: Endpoint, access: PeerAccess = PeerAccess()) {
            self.endpoint = endpoint
            self.access = access
        }
    }

    public var listeners: [Listener]

    /// Of each connection.
    public var requests: RequestLimits

    /// Connections open at once.
    public var connections = 512

    /// Bytes of bodies, of what reading them takes, of tensors and replies of all requests in flight: twelve of the
    /// largest body, so that one alone always fits. JSON is read with 6 bytes for each of its own, and becomes tensors of
    /// up to 4 (a digit and a comma as a 64-bit number).
    public var bytesInFlight: Int

    /// Larger bodies are decoded, and larger replies encoded, beside the event loops, which other connections need.
    public var inlineBytes = 256 * 1024

    /// How long requests that have begun may take to finish once the daemon leaves.
    public var grace = Duration.seconds(10)

    /// The daemon's version, for `GET /v2`.
    public var version = "0.1.0"

    public init(listeners: [Listener], requestBytes: Int, deadline: Duration) {
        self.listeners = listeners
        requests = RequestLimits(bodyBytes: requestBytes, answer: TimeAmount(deadline))
        bytesInFlight = 12 * requests.bodyBytes
    }
}
