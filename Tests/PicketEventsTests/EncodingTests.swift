import Foundation
import PicketEvents
import Testing

@Suite struct EncodingTests {
    @Test func aFlaggedEventHasTheContractsFields() {
        let expected = """
            {"event":"flagged","timestamp":"2026-01-31T23:59:59.000001Z","schema":1,"model":"fashion","request":"r-1",\
            "row":3,"peer":{"pid":4242,"uid":1000,"gid":100},\
            "input_sha256":"abababababababababababababababababababababababababababababababab",\
            "prediction":{"label":9,"confidence":0.75},"score":12.5,"threshold":9.25,"p_value":0.001,\
            "detectors":[{"name":"feature-squeezing","score":2.5,"p_value":0.01,\
            "components":{"median-2":0.5,"bit-depth-1":1.75}}],"action":"reject","record":"2026/01/r-1-3",\
            "key_id":"c0ffee"}
            """
        #expect(String(decoding: Samples.flagged.json, as: UTF8.self) == expected)
    }

    /// What a detector reports beside its components stands beside them, and is left out where there is nothing.
    @Test func factsStandBesideComponents() {
        var event = Samples.flagged
        event.detectors[0].facts = [.init(name: "certified-radius", value: 0.25)]
        let text = String(decoding: event.json, as: UTF8.self)
        #expect(text.contains(#""components":{"median-2":0.5,"bit-depth-1":1.75},"facts":{"certified-radius":0.25}}]"#))
        let field = event.journalFields.first { $0.name == "PICKET_DETECTORS" }
        #expect(field?.value.contains(#""facts":{"certified-radius":0.25}"#) == true)
        event.detectors[0].facts = (0..<300).map { .init(name: String(repeating: "x", count: 300 + $0), value: 1) }
        #expect(event.json.count < 300 * 300)
    }

    @Test func whatIsNotKnownIsLeftOut() {
        let text = String(decoding: Event(.started, at: Samples.time).json, as: UTF8.self)
        #expect(text == #"{"event":"started","timestamp":"2026-01-31T23:59:59.000001Z","schema":1}"#)
    }

    @Test func theJournalHasTheSameFields() {
        let fields = Samples.flagged.journalFields.map { "\($0.name)=\($0.value)" }
        #expect(
            fields == [
                "MESSAGE=fashion: row 3 of request r-1 flagged (score 12.5, threshold 9.25, p-value 0.001), rejected, "
                    + "peer pid 4242 uid 1000",
                "MESSAGE_ID=c8ff1e1b9c7a492a91964fe9a5d468d5", "PRIORITY=4", "SYSLOG_IDENTIFIER=picketd",
                "PICKET_EVENT=flagged", "PICKET_SCHEMA=1", "PICKET_TIMESTAMP=2026-01-31T23:59:59.000001Z",
                "PICKET_MODEL=fashion", "PICKET_REQUEST=r-1", "PICKET_ROW=3", "PICKET_PEER_PID=4242",
                "PICKET_PEER_UID=1000", "PICKET_PEER_GID=100",
                "PICKET_INPUT_SHA256=abababababababababababababababababababababababababababababababab",
                "PICKET_PREDICTION_LABEL=9", "PICKET_PREDICTION_CONFIDENCE=0.75", "PICKET_SCORE=12.5",
                "PICKET_THRESHOLD=9.25", "PICKET_P_VALUE=0.001",
                #"PICKET_DETECTORS=[{"name":"feature-squeezing","score":2.5,"p_value":0.01,"#
                    + #""components":{"median-2":0.5,"bit-depth-1":1.75}}]"#,
                "PICKET_ACTION=reject", "PICKET_RECORD=2026/01/r-1-3", "PICKET_KEY_ID=c0ffee",
            ]
        )
    }

    /// The journal refuses an entry with another kind of field name.
    @Test(arguments: EventKind.allCases)
    func everyKindEncodes(kind: EventKind) throws {
        var event = Samples.flagged
        event.kind = kind
        event.detector = "d"
        event.count = 7
        event.reason = "because"
        event.details = ["b": "2", "a": "1"]
        for field in event.journalFields {
            #expect(field.name.utf8.allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8.contains($0) })
            #expect(!field.name.hasPrefix("_") && field.name.utf8.count <= 64)
        }
        #expect(!event.message.isEmpty)
        let object = try Samples.object(event)
        #expect(object["event"] as? String == kind.rawValue)
        #expect(object["count"] as? Int == 7)
        #expect(object["details"] as? [String: String] == ["a": "1", "b": "2"])
    }

    @Test func everyKindIsInTheCatalog() throws {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("deploy/picket.catalog")
        let catalog = try String(contentsOf: file, encoding: .utf8)
        let entries = catalog.split(separator: "\n").filter {
            $0.hasPrefix("-- ")
        }
        #expect(Set(entries) == Set(EventKind.allCases.map { "-- \($0.messageID)"[...] }))
        #expect(entries.count == EventKind.allCases.count)
        // journalctl prints inserted fields raw: none may hold what a sender or a plugin wrote.
        let inserted = Set(catalog.matches(of: /@(\w+)@/).map { String($0.output.1) })
        let ours = [
            "MODEL", "DETECTOR", "SCORE", "THRESHOLD", "ACTION", "COUNT", "PEER_PID", "PEER_UID",
        ]
        #expect(inserted.isSubset(of: ours.map { "PICKET_" + $0 }))
        #expect(EventKind.allCases.allSatisfy { $0.messageID.wholeMatch(of: /[0-9a-f]{32}/) != nil })
    }

    @Test(arguments: [
        "two\nlines\r\n", "quote\" and \\", "nul\0tab\tbell\u{7}", "escape \u{1B}[2J", "c1 \u{85}\u{9B}",
        "separators \u{2028}\u{2029}", "\u{FEFF}\u{FFFE}", "🇨🇭 👩‍👩‍👧 ẞ", "", "{\"event\":\"stopped\"}",
        String(decoding: [0x66, 0xFF, 0xFE, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x00] as [UInt8], as: UTF8.self),
    ])
    func hostileTextsStayOnTheirLine(text: String) throws {
        var event = Samples.flagged
        event.request = text
        event.model = text
        event.reason = text
        event.detector = text
        event.details = [text: text]
        event.detectors = [
            DetectorEvidence(name: text, score: nil, pValue: nil, components: [.init(name: text, value: 1)])
        ]
        let json = event.json
        #expect(json.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let decoded = String(decoding: json, as: UTF8.self)
        #expect(
            !decoded.unicodeScalars.contains {
                (0x80...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value)
            }
        )
        let object = try Samples.object(event)
        #expect(object["request"] as? String == text)
        #expect(object["reason"] as? String == text)
        #expect((object["details"] as? [String: String])?[text] == text)
        #expect(event.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }

    @Test func textsAndListsAreCut() throws {
        var event = Samples.flagged
        event.request = String(repeating: "ä", count: 5_000_000)
        event.reason = String(repeating: "x", count: 5_000_000)
        let many = (0..<1000).map { DetectorEvidence.Component(name: "c\($0)", value: 1) }
        event.detectors = Array(repeating: .init(name: "d", score: 1, pValue: 1, components: many), count: 100)
        event.details = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("k\($0)", "v") })
        let object = try Samples.object(event)
        let request = try #require(object["request"] as? String)
        #expect(request.utf8.count <= 256)
        #expect(request == String(repeating: "ä", count: 126) + "…")
        #expect((object["reason"] as? String)?.utf8.count == 1024)
        #expect((object["detectors"] as? [Any])?.count == 64)
        #expect((object["details"] as? [String: String])?.count == 64)
        #expect(event.json.count < 1 << 20)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func whatIsNoNumberIsNull(value: Double) throws {
        var event = Samples.flagged
        event.score = value
        #expect(try Samples.object(event)["score"] is NSNull)
    }

    @Test(arguments: [
        0.1, 1e-300, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 1e22, 123456789.125, 1, Double(Float(0.1)),
    ])
    func numbersReadBack(value: Double) throws {
        var event = Samples.flagged
        event.score = value
        let text = String(decoding: event.json, as: UTF8.self)
        let digits = try #require(text.firstMatch(of: /"score":([-+.e0-9]+),/)?.output.1)
        #expect(Double(digits) == value)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (1_769_903_999_000_001, "2026-01-31T23:59:59.000001Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
        ] as [(Int64, String)]
    )
    func timestamps(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).text == text)
    }

    /// No number of microseconds is a trap, and every day agrees with Foundation's calendar.
    @Test func timestampsAgreeWithAnotherCalendar() {
        #expect(!Timestamp(microseconds: .min).text.isEmpty)
        #expect(!Timestamp(microseconds: .max).text.isEmpty)
        let formatter = ISO8601DateFormatter()
        for day in stride(from: Int64(-100_000), to: 100_000, by: 97) {
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(day * 86_400)))
            #expect(Timestamp(microseconds: day * 86_400_000_000).text == text.dropLast() + ".000000Z")
        }
    }
}
