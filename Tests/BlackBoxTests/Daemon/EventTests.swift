import Foundation
import Testing

extension BlackBox {
    /// What is reported of flagged rows.
    @OffPool @Suite struct EventTests {
        static let fields = [
            "event": "string", "timestamp": "string", "schema": "integer", "model": "string", "request": "string",
            "row": "integer", "peer": "object", "input_sha256": "string", "prediction": "object", "score": "number",
            "threshold": "number", "p_value": "number", "detectors": "array", "action": "string",
            "record": "null",
        ]

        @Test func tellsEveryFieldOfAFlaggedRow() throws {
            let sorted = try AnswerTests.sorted.get()
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose("score")]))
            let rows = [sorted.passed[0], sorted.flagged[0], sorted.flagged[1]]
            let reply = try daemon.ask(Request(rows, id: "evidence").overBinary)
            #expect(reply.status == 200)
            #expect(try daemon.stop().code == 0)
            let events = try daemon.events().filter { $0["event"].text == "flagged" }
            #expect(events.map { $0["row"].number } == [1, 2], "a line a flagged row, none for passed ones")
            let scores = try reply.floats("picket_score")
            let logits = try reply.floats("logits")
            for event in events {
                #expect(event.complaints(against: EventTests.fields) == [])
                let row = Int(event["row"].number ?? 0)
                #expect(event["schema"].number == 1)
                #expect(event["model"].text == "fashion")
                #expect(event["request"].text == "evidence")
                #expect(event["action"].text == "allow")
                #expect(event["timestamp"].text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)
                #expect(event["input_sha256"].text?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
                #expect(event["peer"]["pid"].number == Double(getpid()))
                #expect(event["peer"]["uid"].number == Double(getuid()))
                #expect(event["peer"]["gid"].number == Double(getgid()))
                #expect(event["score"].number.map { Float($0) } == scores[row])
                #expect((event["score"].number ?? 0) > (event["threshold"].number ?? .infinity))
                #expect((event["p_value"].number ?? 1) < 0.05)
                let own = logits[row * 10..<row * 10 + 10]
                #expect(
                    event["prediction"]["label"].number
                        == own.firstIndex(of: own.max() ?? 0).map { Double($0 - row * 10) }
                )
                let confidence = try #require(event["prediction"]["confidence"].number)
                #expect(confidence > 0.1 && confidence <= 1)
                let detectors = event["detectors"].elements
                #expect(
                    detectors.compactMap { $0["name"].text }
                        == [
                            "ensemble-disagreement", "transform-consistency", "feature-squeezing", "patch-likelihood",
                            "denoising", "reconstruction",
                        ]
                )
                for detector in detectors {
                    let contract = ["score": "number", "p_value": "number", "components": "object"]
                    #expect(detector.complaints(against: contract) == [])
                    #expect(detector["components"].members.values.allSatisfy { $0.number != nil })
                    #expect(!detector["components"].members.isEmpty)
                }
            }
            #expect(events[0]["input_sha256"] != events[1]["input_sha256"])
        }

        /// A burst of one peer's is cut and counted; nothing is lost without a word.
        @Test func countsTheRestOfABurst() throws {
            let sorted = try AnswerTests.sorted.get()
            let space = try Example.workspace([
                .monitor, Example.Edit("file: events.jsonl", "file: events.jsonl\n  per-peer: 3/h"),
            ])
            let daemon = try GuardedDaemon(space)
            let rows = Array(sorted.flagged[..<12])
            #expect(try daemon.ask(Request(rows).overBinary).status == 200)
            #expect(try daemon.stop().code == 0)
            let events = try daemon.events()
            let told = events.count { $0["event"].text == "flagged" }
            let counted = events.filter { $0["event"].text == "peer_suppressed" }.compactMap { $0["count"].number }
            #expect(told == 3)
            #expect(counted.reduce(0, +) == 9)
        }
    }
}
