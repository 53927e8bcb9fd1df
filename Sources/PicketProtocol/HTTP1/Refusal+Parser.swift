internal import NIOHTTP1

extension Refusal {
    /// What the HTTP decoder could not read, in words.
    init(_ error: HTTPParserError) {
        self =
            switch error {
            case .headerOverflow:
                Refusal(.headersTooLarge, "headers larger, longer or more than any request needs")
            case .invalidVersion: Refusal(.versionNotSupported, "the request line's version, expected HTTP/1.1")
            case .invalidMethod: .malformed("the request line's method, expected one of HTTP's, such as POST")
            case .invalidURL: .malformed("the request line's target, expected a path such as /v2")
            case .invalidHeaderToken: .malformed("a header with a byte that headers do not have")
            case .invalidContentLength: .malformed("Content-Length, expected one number of bytes")
            case .unexpectedContentLength: .malformed("Content-Length beside Transfer-Encoding, expected one of them")
            case .invalidChunkSize: .malformed("a chunk's size, expected hexadecimal digits")
            case .lfExpected, .strictModeAssertion: .malformed("a line of the request, expected to end with CR LF")
            case .invalidEOFState: .malformed("the request ended early")
            case .closedConnection: .malformed("bytes behind a request that was to be the last")
            default: .malformed("not HTTP/1.1 as RFC 9112 has it")
            }
    }
}
