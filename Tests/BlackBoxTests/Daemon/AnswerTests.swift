import Foundation
import Testing

extension BlackBox {
    /// What senders are told, and how.
    @OffPool @Suite struct AnswerTests {
        /// Rows that pass and rows that are flagged, by the chain of the example and the tests' key.
        static let sorted = Result<(passed: [[UInt8]], flagged: [[UInt8]]), any Error> {
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose("verdict")]))
            let rows = try Rows.clean() + Rows.attacked()
            let flagged = try daemon.ask(Request(rows).overBinary).flagged()
            guard flagged.count == rows.count else { throw Unusable("\(flagged.count) verdicts on \(rows.count) rows") }
            let judged = zip(rows, flagged)
            return (judged.filter { !$1 }.map(\.0), judged.filter { $1 }.map(\.0))
        }

        @Test func judgesPictures() throws {
            let sorted = try AnswerTests.sorted.get()
            // Of 48 clean rows at a promised 5 %, and of 32 adversarial ones.
            #expect(sorted.passed.count >= 35)
            #expect(sorted.flagged.count >= 16)
        }

        /// The same rows through curl in JSON, through curl in the binary extension, and written to the socket by hand.
        @Test func answersTheSameInEveryForm() throws {
            let rows = Array(try AnswerTests.sorted.get().passed[..<5])
            let daemon = try GuardedDaemon(Example.workspace([.disclose("score")]))
            let request = Request(rows, id: "same")
            let (headerLength, binaryBody) = request.binary
            let byJSON = try curl(daemon, request.json, [])
            let byBinary = try curl(daemon, binaryBody, ["Inference-Header-Content-Length: \(headerLength)"])
            let byHand = try daemon.ask(request.overBinary)
            let byHandInJSON = try daemon.ask(request.overJSON)
            let replies = [byJSON, byBinary, byHand, byHandInJSON]
            for reply in replies {
                #expect(reply.status == 200)
                #expect(try reply.json()["id"] == .string("same"))
                #expect(try reply.json()["model_name"] == .string("fashion"))
                #expect(try reply.outputNames == ["logits", "picket_flagged", "picket_score"])
                #expect(try reply.flagged() == Array(repeating: false, count: rows.count))
                #expect(try reply.floats("picket_score") == byHand.floats("picket_score"))
            }
            #expect(byBinary.body == byHand.body)
            #expect(byJSON.body == byHandInJSON.body)
            let logits = try byHand.floats("logits")
            #expect(logits.count == rows.count * 10)
            #expect(Set(logits).count > 10, "real logits")
            #expect(try byJSON.floats("logits").map(\.bitPattern) == logits.map(\.bitPattern))
            #expect(try daemon.stop().code == 0)
        }

        private func curl(_ daemon: GuardedDaemon, _ body: [UInt8], _ headers: [String]) throws -> Reply {
            let space = daemon.space
            try space.write(body, "request")
            let done = try Child.run(
                "/usr/bin/curl",
                [
                    "--silent", "--show-error", "--unix-socket", daemon.socket, "--data-binary", "@request",
                    "--dump-header", "headers", "--output", "reply", "http://picket/v2/models/fashion/infer",
                ] + headers.flatMap { ["--header", $0] },
                in: space.path
            )
            #expect(done.code == 0, "\(done)")
            let lines = try space.text("headers").split(separator: "\r\n")
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1) }.filter { $0.count == 2 }
            return Reply(
                status: status ?? 0,
                headers: Dictionary(
                    fields.map { ($0[0].lowercased(), String($0[1].drop { $0 == " " })) },
                    uniquingKeysWith: { first, _ in first }
                ),
                body: try space.bytes("reply")
            )
        }

        struct Disclosure: Sendable, CustomTestStringConvertible {
            let told: String
            let outputs: [String]
            let isVerdictTold: Bool
            var testDescription: String { told }
        }

        @Test(arguments: [
            Disclosure(told: "none", outputs: ["logits"], isVerdictTold: false),
            Disclosure(told: "verdict", outputs: ["logits", "picket_flagged"], isVerdictTold: true),
            Disclosure(told: "score", outputs: ["logits", "picket_flagged", "picket_score"], isVerdictTold: true),
        ])
        func disclosesWhatItIsToldTo(_ disclosure: Disclosure) throws {
            let sorted = try AnswerTests.sorted.get()
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose(disclosure.told)]))
            let rows = [sorted.passed[0], sorted.flagged[0], sorted.passed[1]]
            for (rows, verdict) in [(rows, "flag"), ([rows[0]], "pass")] {
                let reply = try daemon.ask(Request(rows).overJSON)
                #expect(reply.status == 200, "monitor answers, flagged or not")
                #expect(try reply.outputNames == disclosure.outputs)
                let told = try reply.json()["parameters"]["picket_verdict"]
                #expect(told == (disclosure.isVerdictTold ? .string(verdict) : .null))
                #expect(try !reply.floats("logits").contains(where: \.isNaN))
            }
            let flagged = try daemon.ask(Request(rows).overJSON).flagged()
            #expect(flagged == (disclosure.isVerdictTold ? [false, true, false] : []))
            let metadata = try daemon.get("/v2/models/fashion").json()
            #expect(metadata["outputs"].elements.compactMap { $0["name"].text } == disclosure.outputs)
        }

        /// A rejected sender learns that it is rejected.
        @Test func rejectsWithoutAWordMore() throws {
            let sorted = try AnswerTests.sorted.get()
            let daemon = try GuardedDaemon(Example.workspace([.disclose("score")]))
            let flagged = sorted.flagged[0]
            let replies = try [
                Request([flagged], id: "r").overJSON, Request([flagged], id: "r").overBinary,
                Request([sorted.passed[0], flagged, sorted.passed[1]], id: "r").overJSON,
                Request([flagged, sorted.flagged[1]], id: "r").overBinary,
            ].map { try daemon.ask($0) }
            for reply in replies {
                #expect(reply.status == 403)
                #expect(Set(try reply.json().members.keys) == ["id", "error"])
                #expect(try reply.json()["id"] == .string("r"))
                #expect(reply.body == replies[0].body, "the same words whatever was flagged")
                #expect(reply.headers == replies[0].headers)
                #expect(!reply.text.contains(/[0-9]|row|detector|squeez|transform|ensemble|score/), "\(reply.text)")
            }
            #expect(try daemon.ask(Request([sorted.passed[0]]).overJSON).status == 200)
            let last = try daemon.stop()
            #expect(last.code == 0)
            let actions = try daemon.events().filter { $0["event"].text == "flagged" }.map { $0["action"].text }
            #expect(actions == Array(repeating: "reject", count: 5))
        }

        @Test func withholdsFlaggedRowsAlone() throws {
            let sorted = try AnswerTests.sorted.get()
            let rows = [sorted.passed[0], sorted.flagged[0], sorted.flagged[1], sorted.passed[1]]
            let plain = try GuardedDaemon(Example.workspace([.monitor])).ask(Request(rows).overBinary).floats("logits")
            let daemon = try GuardedDaemon(Example.workspace([.withhold]))
            let reply = try daemon.ask(Request(rows).overBinary)
            #expect(reply.status == 200)
            #expect(try reply.flagged() == [false, true, true, false])
            let logits = try reply.floats("logits")
            #expect(logits.count == 40)
            for (index, value) in logits.enumerated() {
                if (10..<30).contains(index) {
                    #expect(value.isNaN)
                } else {
                    #expect(value == plain[index])
                }
            }
        }

        /// A row's verdict is its own, whatever stands beside it, and however often it is asked.
        @Test func judgesARowTheSameAloneAndAmongOthers() throws {
            let sorted = try AnswerTests.sorted.get()
            let rows = zip(sorted.passed, sorted.flagged).prefix(8).flatMap { [$0, $1] }
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose("score")]))
            let together = try daemon.ask(Request(rows).overBinary)
            let scores = try together.floats("picket_score")
            let logits = try together.floats("logits")
            #expect(try together.flagged() == rows.indices.map { $0 % 2 == 1 })
            for (index, row) in rows.enumerated() {
                let alone = try daemon.ask(Request([row]).overBinary)
                #expect(try alone.floats("picket_score") == [scores[index]])
                #expect(try alone.floats("logits") == Array(logits[index * 10..<index * 10 + 10]))
            }
            let reversed = try daemon.ask(Request(rows.reversed()).overBinary)
            #expect(try reversed.floats("picket_score") == scores.reversed())
            // A grey level's fraction is snapped away, with draws and verdict.
            let again = try daemon.ask(Request(rows).overJSON)
            #expect(try again.floats("picket_score") == scores)
        }
    }
}
