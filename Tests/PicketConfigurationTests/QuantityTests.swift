import PicketConfiguration
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("65536", 65536), ("4KiB", 4096), ("64MiB", 64 << 20), ("1GiB", 1 << 30), ("2048B", 2048),
        ("\"8MiB\"", 8 << 20),
    ])
    func sizes(written: String, bytes: Int) throws {
        let text = Cases.text(more: "limits: { request-bytes: \(written) }")
        #expect(try Configuration.parse(text).limits.requestBytes == bytes)
    }

    @Test(arguments: [
        "0", "-1", "1023", "64MB", "64 MiB", "1.5MiB", "MiB", "1073741825", "5GiB", "99999999999999999999",
        "9007199254740993TiB",
        "0x400", "~", "[]", "٣KiB",
    ])
    func refusedSizes(written: String) {
        let lines = Cases.faults(Cases.text(more: "limits: { request-bytes: \(written) }"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains(": limits.request-bytes: ") == true)
        #expect(lines.first?.contains("expected a size from 1024 to 1073741824 bytes") == true)
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("1m", .seconds(60)), ("1h", .seconds(3600)),
    ])
    func durations(written: String, expected: Duration) throws {
        let text = Cases.text(more: "limits: { deadline: \(written) }")
        #expect(try Configuration.parse(text).limits.deadline == expected)
    }

    @Test(arguments: ["2", "0s", "-2s", "2 s", "61m", "1d", "9223372036854775807h", "1.5s", "forever"])
    func refusedDurations(written: String) {
        let lines = Cases.faults(Cases.text(more: "limits: { deadline: \(written) }"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains(": limits.deadline: \(written): expected a span of time") == true)
    }

    @Test(arguments: [("20/s", 20.0), ("120/m", 2), ("3600/h", 1)])
    func rates(written: String, perSecond: Double) throws {
        let text = Cases.text(more: "events: { per-peer: \(written) }")
        #expect(try Configuration.parse(text).events.perPeer.perSecond == perSecond)
    }

    @Test(arguments: ["20", "0/s", "20/d", "1000001/s", "/s", "-1/s"])
    func refusedRates(written: String) {
        let lines = Cases.faults(Cases.text(more: "events: { per-peer: \(written) }"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("expected a rate") == true)
    }

    @Test(arguments: ["660", "0o660", "\"660\"", "\"0888\"", "\"00660\"", "\"+660\"", "rw-rw----", "~"])
    func refusedPermissions(written: String) {
        let lines = Cases.faults(Cases.text(listen: "[ { unix: a, mode: \(written) } ]"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("listen[0].mode") == true)
    }

    @Test(arguments: ["0", "-0.1", "0.51", "1e-400", ".nan", ".inf", "\"0.05\"", "5%", "~", "0,05"])
    func refusedFalsePositiveRates(written: String) {
        let lines = Cases.faults(Cases.text(chain: "false-positive-rate: \(written)"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("expected a number from 0.000001 to 0.5") == true)
    }

    @Test(arguments: [("0.5", 0.5), ("5e-2", 0.05), (".05", 0.05), ("+0.01", 0.01)])
    func falsePositiveRates(written: String, expected: Double) throws {
        let configuration = try Configuration.parse(Cases.text(chain: "false-positive-rate: \(written)"))
        #expect(configuration.chains[0].falsePositiveRate == expected)
    }

    @Test(arguments: ["1", "1.0", "-0.5", ".nan", "high"])
    func refusedConfidences(written: String) {
        let lines = Cases.faults(Cases.text(chain: "confidence: \(written)"))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("expected a number from 0 to 0.999999") == true)
    }
}
