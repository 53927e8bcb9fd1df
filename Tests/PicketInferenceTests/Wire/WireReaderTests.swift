import PicketInference
import Testing

@Suite("The wire reader")
struct WireReaderTests {
    @Test(
        "reads varints as protobuf's document writes them",
        arguments: [
            ([0x00], 0), ([0x01], 1), ([0x96, 0x01], 150), ([0xff, 0x7f], 16383), ([0x80, 0x80, 0x00], 0),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], UInt64.max),
        ] as [([UInt8], UInt64)]
    )
    func varint(bytes: [UInt8], value: UInt64) throws {
        var reader = WireReader(0..<bytes.count)
        #expect(try reader.varint(bytes.span) == value)
        #expect(reader.isAtEnd)
    }

    @Test(
        "refuses varints that end nowhere or past 64 bits",
        arguments: [
            ([], .truncated(missing: 1)), ([0x80], .truncated(missing: 1)),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], .overlongVarint),
            (Array(repeating: 0x80, count: 11), .overlongVarint),
        ] as [([UInt8], WireFault.Reason)]
    )
    func badVarint(bytes: [UInt8], reason: WireFault.Reason) {
        var reader = WireReader(0..<bytes.count)
        #expect(throws: reason) { try reader.varint(bytes.span) }
    }

    @Test(
        "refuses tags that no field has",
        arguments: [
            ([0x00], .fieldNumber(0)), ([0x0b], .wireType(3)), ([0x0c], .wireType(4)), ([0x0e], .wireType(6)),
            ([0x0f], .wireType(7)), ([0x80, 0x80, 0x80, 0x80, 0x10], .fieldNumber(1 << 29)),
        ] as [([UInt8], WireFault.Reason)]
    )
    func badTag(bytes: [UInt8], reason: WireFault.Reason) {
        var reader = WireReader(0..<bytes.count)
        #expect(throws: reason) { try reader.tag(bytes.span) }
    }

    @Test("never reads past its own end into the bytes behind it")
    func end() {
        let bytes: [UInt8] = [0x02, 0x01, 0x01, 0x01]
        var inner = WireReader(0..<2)
        #expect(throws: WireFault.Reason.truncated(missing: 1)) { try inner.part(bytes.span) }
        var huge = WireReader(0..<2)
        #expect(throws: WireFault.Reason.truncated(missing: 7)) { try huge.skip(9) }
    }
}
