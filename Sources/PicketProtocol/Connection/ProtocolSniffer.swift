/// Tells from a connection's first bytes which protocol it speaks. One socket serves all of them.
public struct ProtocolSniffer: Sendable {
    public enum Verdict: Sendable, Hashable {
        /// The bytes so far fit more than one protocol.
        case undecided
        case http1
        /// HTTP/2 with prior knowledge, as gRPC clients open it.
        case http2
    }

    /// The client connection preface of HTTP/2 (RFC 9113, section 3.4).
    public static let http2Preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private var matched = 0
    private var verdict = Verdict.undecided

    public init() {}

    /// Looks at more of the first bytes; the verdict, once there is one, stays.
    public mutating func consume(_ bytes: some Sequence<UInt8>) -> Verdict {
        for byte in bytes where verdict == .undecided {
            if byte != ProtocolSniffer.http2Preface[matched] {
                verdict = .http1
            } else {
                matched += 1
                if matched == ProtocolSniffer.http2Preface.count { verdict = .http2 }
            }
        }
        return verdict
    }
}
