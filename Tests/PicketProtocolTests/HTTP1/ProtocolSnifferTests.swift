import PicketProtocol
import Testing

@Suite struct ProtocolSnifferTests {
    @Test(arguments: [
        ("GET / HTTP/1.1", ProtocolSniffer.Verdict.http1),
        ("P", .undecided),
        ("PO", .http1),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r", .undecided),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0", .http2),
        ("PRI * HTTP/1.1", .http1),
        ("", .undecided),
    ])
    func decidesAsSoonAsItCan(bytes: String, verdict: ProtocolSniffer.Verdict) {
        var atOnce = ProtocolSniffer()
        #expect(atOnce.consume(bytes.utf8) == verdict)
        var byteByByte = ProtocolSniffer()
        var last = ProtocolSniffer.Verdict.undecided
        for byte in bytes.utf8 { last = byteByByte.consume([byte]) }
        #expect(last == verdict)
    }

    @Test func keepsItsVerdict() {
        var sniffer = ProtocolSniffer()
        #expect(sniffer.consume("GET".utf8) == .http1)
        #expect(sniffer.consume(ProtocolSniffer.http2Preface) == .http1)
    }
}
