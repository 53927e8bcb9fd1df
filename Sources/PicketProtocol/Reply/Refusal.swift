/// Why a request gets an error instead of outputs: a reason that every wire format has its code for, and a sentence
/// that names what was wrong with what.
public struct Refusal: Error, Sendable, Hashable {
    public let reason: Reason
    public let message: String

    /// The request's own id, where it could be read.
    public var id: String?

    public init(_ reason: Reason, _ message: String, id: String? = nil) {
        self.reason = reason
        self.message = message
        self.id = id
    }

    /// The kinds of refusal. What they are in HTTP stands in ``HTTPReply``.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// The request does not say what it should in the way it should (400).
        case malformed
        /// The guard flagged it (403).
        case rejected
        /// No such path, model or version (404).
        case notFound
        /// GET, POST where it should be the other (405).
        case methodNotAllowed
        /// It came too slowly (408).
        case tooSlow
        /// It is larger than the daemon takes (413).
        case tooLarge
        /// A compressed body (415).
        case unsupportedEncoding
        /// An `Expect` that is not `100-continue` (417).
        case expectationFailed
        /// As much waits already as may (429).
        case busy
        /// Larger headers than any client sends (431).
        case headersTooLarge
        /// The daemon's own fault (500).
        case failed
        /// What contracts name and this version does not do (501).
        case notSupported
        /// Loading, leaving, or a detector failed and the policy is closed (503).
        case unavailable
        /// Its time ran out (504).
        case deadlinePassed
        /// Neither HTTP/1.0 nor HTTP/1.1 (505).
        case versionNotSupported
    }

    static func malformed(_ message: String) -> Refusal { Refusal(.malformed, message) }
}
