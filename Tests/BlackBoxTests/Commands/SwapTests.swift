import Foundation
import Testing

extension BlackBox {
    /// The example's configuration, as it is and with other model files behind the same names, all the way through.
    @OffPool @Suite struct SwapTests {
        struct Line: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let edits: [Example.Edit]
            /// A set whose attacks reach the served model: they were made against `fashion-cnn`.
            let attacked: String
        }

        nonisolated static let lines = [
            Line(testDescription: "as it is", edits: [], attacked: "deepfool-8bit"),
            Line(testDescription: "fashion-b served", edits: Example.Edit.swap, attacked: "pgd-0.1-8bit"),
        ]

        @Test(arguments: lines) func keepsItsPromise(_ line: Line) throws {
            let space = try Workspace()
            try space.write(try Example.configuration(line.edits), "picket.yaml")
            try space.write(Example.key, "key")
            let calibrated = try space.picket(
                "calibrate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion",
                "--clean",
                Products.cleanCalibration,
                "--key",
                Example.keyDigits,
                "--json"
            )
            #expect(calibrated.code == 0, "\(calibrated)")
            #expect(try JSON(calibrated.output.utf8)["chain_digest"].text?.count == 64)

            let evaluated = try space.picket(
                "evaluate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion",
                "--clean",
                Products.cleanTest,
                "--adversarial",
                Products.adversarial(line.attacked),
                "--json",
                "--report",
                "report"
            )
            #expect(evaluated.code == 0, "\(evaluated)")
            let report = try JSON(evaluated.output.utf8)
            expectContract(report)
            #expect(report["false_positive_rate"].number == 0.05)
            #expect(report["clean"]["n"].number == 2000)
            // Three standard deviations of 2,000 draws beyond the promise.
            let rate = try #require(report["clean"]["fpr"].number)
            #expect(rate <= 0.05 + 3 * (0.05 * 0.95 / 2000).squareRoot())
            #expect(rate == (report["clean"]["flagged"].number ?? 0) / 2000)
            #expect((report["clean"]["accuracy"].number ?? 0) > 0.85)
            #expect(
                report["passes_per_request"].number == 4,
                "a batched pass a model; what is redrawn joins the served model's"
            )
            let set = try #require(report["sets"].elements.first)
            #expect(set["n"].number == 300)
            #expect((set["successful"].number ?? 0) >= 20)
            #expect((set["detection_rate"].number ?? 0) > 2 * rate)
            #expect((set["auc"].number ?? 0) > 0.8)
            #expect(try JSON(space.bytes("report/evaluation.json")) == report)
            #expect(try space.text("report/evaluation.md").contains(line.attacked))

            let daemon = try GuardedDaemon(space)
            #expect([200, 403].contains(try daemon.ask(Request([try Rows.clean()[0]]).overBinary).status))
            #expect(try daemon.stop().code == 0)
        }

        private func expectContract(_ report: JSON) {
            let complaints =
                report.complaints(against: [
                    "model": "string", "false_positive_rate": "number", "clean": "object", "sets": "array",
                    "detectors": "array", "passes_per_request": "integer",
                ])
                + report["clean"].complaints(against: [
                    "n": "integer", "flagged": "integer", "fpr": "number", "accuracy": "number",
                ])
                + report["sets"].elements.flatMap {
                    $0.complaints(against: [
                        "file": "string", "n": "integer", "successful": "integer", "detected": "integer",
                        "detection_rate": "number", "auc": "number",
                    ])
                }
                + report["detectors"].elements.flatMap { detector in
                    detector.complaints(against: ["name": "string", "clean": "object", "sets": "array"])
                        + detector["clean"].complaints(against: ["fpr": "number"])
                        + detector["sets"].elements.flatMap {
                            $0.complaints(against: ["file": "string", "detection_rate": "number", "auc": "number"])
                        }
                }
            #expect(complaints == [])
            #expect(report["sets"].elements.count == 1)
            #expect(report["detectors"].elements.count == 6)
            #expect(report["detectors"].elements.allSatisfy { $0["sets"].elements.count == 1 })
        }

        /// The same key gives the same calibration to the byte, but for its date.
        @Test func calibratesTheSameAgain() throws {
            let space = try Example.workspace()
            let before = try space.text("calibration/fashion.json")
            let done = try space.picket(
                "calibrate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion",
                "--clean",
                Products.cleanCalibration
            )
            #expect(done.code == 0, "\(done)")
            // Its digest and the one of all fields go with it.
            let date = /"(created|all)":"[^"]*"/
            let after = try space.text("calibration/fashion.json").replacing(date, with: "")
            #expect(after == before.replacing(date, with: ""))
        }

        /// What is too little for the promise is said with how much would do, and leaves the calibration alone.
        @Test func saysHowManySamplesAreNeeded() throws {
            let space = try Example.workspace([Example.Edit("rate: 0.05", "rate: 0.0005")])
            let before = try space.bytes("calibration/fashion.json")
            let done = try space.picket(
                "calibrate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion",
                "--clean",
                Products.cleanCalibration
            )
            #expect(done.code == EX_DATAERR, "\(done)")
            // (1 − 0.0005)^n ≤ 1 − 0.95 from n = 5990 on.
            #expect(done.errors.contains(/5000 clean rows .* needs \d+ clean rows \(5990 for p-values\)/), "\(done)")
            #expect(try space.bytes("calibration/fashion.json") == before)
        }

        /// A newcomer with a model and some pictures reaches a calibrated daemon in three commands.
        @Test func reachesADaemonInThreeCommands() throws {
            let space = try Workspace()
            try space.copy(Products.example + "/models/fashion-cnn.onnx", "fashion-cnn.onnx")
            try space.copy(Products.cleanCalibration, "clean.npz")
            let first = try space.picket("init", "fashion-cnn.onnx", "--clean", "clean.npz")
            #expect(first.code == 0, "\(first)")
            #expect(
                first.output.contains("picket calibrate --config picket.yaml --model fashion-cnn --clean clean.npz")
            )
            let again = try space.picket("init", "fashion-cnn.onnx")
            #expect(again.code == EX_CANTCREAT, "a configuration is not replaced unasked")
            let second = try space.picket(
                "calibrate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion-cnn",
                "--clean",
                "clean.npz"
            )
            #expect(second.code == 0, "\(second)")
            #expect(try space.picketd("--config", "picket.yaml", "--check").code == 0)
            let daemon = try GuardedDaemon(space)
            let body = Request([try Rows.clean()[0]]).json
            let reply = try daemon.ask(Request.post(body, to: "fashion-cnn"))
            #expect(reply.status == 200)
            #expect(try reply.floats("logits").count == 10)
            #expect(try daemon.stop().code == 0)
        }
    }
}
