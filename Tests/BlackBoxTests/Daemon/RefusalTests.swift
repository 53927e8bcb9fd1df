import Foundation
import Testing

extension BlackBox {
    /// What a daemon does not vouch for: it says what and where, and exits with 78.
    @OffPool @Suite struct RefusalTests {
        struct Refusal: Sendable, CustomTestStringConvertible {
            enum InMonitor {
                /// Starts with a warning, and answers without verdicts.
                case serves
                case refuses
            }

            let name: String
            var edits: [Example.Edit] = []
            var append = ""
            /// What happens to the workspace.
            var change: @Sendable (Workspace) throws -> Void = { _ in }
            /// What stderr says.
            let says: [String]
            let inMonitor: InMonitor

            var testDescription: String { name }
        }

        nonisolated static let refusals: [Refusal] = [
            Refusal(
                name: "no calibration",
                change: { try FileManager.default.removeItem(atPath: $0.at("calibration/fashion.json")) },
                says: [
                    "picket.yaml:26:18: chains[0].calibration:", "fashion.json: No such file or directory",
                    "picket calibrate",
                ],
                inMonitor: .serves
            ),
            Refusal(
                name: "a calibration of another model file",
                edits: [Example.Edit("fashion-cnn.onnx", "fashion-b.onnx")],
                says: ["picket.yaml:26:18: chains[0].calibration: model fashion differs: calibrated with SHA-256"],
                inMonitor: .serves
            ),
            Refusal(
                name: "a calibration of another member",
                edits: [Example.Edit("fashion-c.onnx", "fashion-cnn.onnx")],
                says: ["picket.yaml:26:18: chains[0].calibration: model fashion-c differs: calibrated with SHA-256"],
                inMonitor: .serves
            ),
            Refusal(
                name: "a detector configured differently",
                edits: [Example.Edit("bit-depth: 4", "bit-depth: 2")],
                says: [
                    "picket.yaml:26:18: chains[0].calibration: detector feature-squeezing differs: calibrated with SHA-256",
                    "(its components are others)",
                ],
                inMonitor: .serves
            ),
            Refusal(
                name: "a detector fewer",
                edits: [
                    Example.Edit(
                        """
                              - plugin: input-statistics
                                name: denoising
                                weight: 0.3
                                config: { components: [ excess ] }

                        """,
                        ""
                    )
                ],
                says: ["chains[0].calibration: detector denoising was part of the chain"],
                inMonitor: .serves
            ),
            Refusal(
                name: "another rate",
                edits: [Example.Edit("false-positive-rate: 0.05", "false-positive-rate: 0.02")],
                says: [
                    "chains[0].calibration: the calibration promises a false-positive rate of 0.05 per row with confidence 0.95",
                    "the configuration asks 0.02 per row with confidence 0.95",
                ],
                inMonitor: .serves
            ),
            Refusal(
                name: "another confidence",
                edits: [Example.Edit("confidence: 0.95", "confidence: 0.5")],
                says: [
                    "chains[0].calibration: the calibration promises a false-positive rate of 0.05 per row with confidence 0.95",
                    "the configuration asks 0.05 per row with confidence 0.5",
                ],
                inMonitor: .serves
            ),
            Refusal(
                name: "a calibration that is no JSON",
                change: { try $0.write("{", "calibration/fashion.json") },
                says: ["picket.yaml:26:18: chains[0].calibration:"],
                inMonitor: .serves
            ),
            Refusal(
                name: "a calibration whose weights were edited",
                change: { space in
                    let text = try space.text("calibration/fashion.json")
                    try space.write(
                        text.replacingOccurrences(of: "\"weight\":0.3", with: "\"weight\":9"),
                        "calibration/fashion.json"
                    )
                },
                says: [
                    "picket.yaml:26:18: chains[0].calibration:", "calibration field detectors: has the SHA-256",
                    "it was edited or damaged",
                ],
                inMonitor: .serves
            ),
            Refusal(
                name: "no plugin of that name",
                edits: [Example.Edit("plugin: feature-squeezing", "plugin: feature-squashing")],
                says: [
                    "picket.yaml:41:9: chains[0].detectors[2]: plugin \"feature-squashing\": no libpicket-feature-squashing.so"
                ],
                inMonitor: .refuses
            ),
            Refusal(
                name: "a plugin that others can write",
                edits: [Example.Edit(Products.folder, "plugins")],
                change: { space in
                    for name in Products.detectors {
                        try space.copy("\(Products.folder)/libpicket-\(name).so", "plugins/libpicket-\(name).so")
                    }
                    chmod(space.at("plugins/libpicket-feature-squeezing.so"), 0o666)
                },
                says: [
                    "picket.yaml:41:9: chains[0].detectors[2]: plugin library",
                    "libpicket-feature-squeezing.so is not safe to load",
                ],
                inMonitor: .refuses
            ),
            Refusal(
                name: "a setting that a plugin does not know",
                edits: [Example.Edit("{ median: 2 }", "{ mediam: 2 }")],
                says: ["chains[0]", "mediam"],
                inMonitor: .refuses
            ),
            Refusal(
                name: "no model file",
                edits: [Example.Edit("fashion-cnn.onnx", "fashion-none.onnx")],
                says: ["fashion-none.onnx"],
                inMonitor: .refuses
            ),
            Refusal(
                name: "keys of later versions",
                append: "admin: { unix: admin.sock }\nrecords: { directory: records }\n",
                says: ["admin: not supported in this version", "records: not supported in this version"],
                inMonitor: .refuses
            ),
            Refusal(
                name: "an unknown key",
                append: "colour: blue\n",
                says: ["colour"],
                inMonitor: .refuses
            ),
            Refusal(
                name: "a key of the wrong size",
                change: { try $0.write("short", "key") },
                says: ["randomness.key", "32 bytes"],
                inMonitor: .refuses
            ),
        ]

        @Test(arguments: refusals) func isRefusedInEnforce(_ refusal: Refusal) throws {
            let space = try Example.workspace(refusal.edits, append: refusal.append)
            try refusal.change(space)
            for arguments in [["--check"], []] {
                let done = try Child.run(Products.picketd, ["--config", "picket.yaml"] + arguments, in: space.path)
                #expect(done.code == EX_CONFIG, "\(done)")
                for words in refusal.says { #expect(done.errors.contains(words), "\(words) in: \(done)") }
                #expect(!space.exists("picket.sock"))
            }
        }

        @Test(arguments: refusals) func isServedOrRefusedInMonitor(_ refusal: Refusal) throws {
            let space = try Example.workspace(refusal.edits + [.monitor], append: refusal.append)
            try refusal.change(space)
            guard refusal.inMonitor == .serves else {
                let done = try space.picketd("--config", "picket.yaml")
                #expect(done.code == EX_CONFIG, "\(done)")
                return
            }
            let daemon = try GuardedDaemon(space)
            let reply = try daemon.ask(Request([try Rows.attacked()[0]]).overJSON)
            #expect(reply.status == 200)
            #expect(try reply.outputNames == ["logits"], "no verdict without a calibration")
            let finished = try daemon.stop()
            #expect(finished.code == 0)
            #expect(finished.errors.contains("warning"), "\(finished)")
            #expect(finished.errors.contains("picket.yaml:26:18: chains[0].calibration:"), "\(finished)")
        }

        struct Tampering: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let says: String
            let change: @Sendable (inout [String: Any]) -> Void
        }

        nonisolated static let tamperings = [
            Tampering(testDescription: "a component", says: "component reference:hellinger of detector") { golden in
                guard var components = golden["components"] as? [[Double]] else { return }
                components[0][0] += 0.5
                golden["components"] = components
            },
            Tampering(testDescription: "the row", says: "component reference:hellinger of detector") { golden in
                guard let text = golden["row"] as? String, text.hasPrefix("uint8:"),
                    let row = Data(base64Encoded: String(text.dropFirst(6)))
                else { return }
                golden["row"] = "uint8:" + Data(count: row.count).base64EncodedString()
            },
            Tampering(testDescription: "the score", says: "score") { golden in
                guard let score = golden["score"] as? Double else { return }
                golden["score"] = score + 1
            },
        ]

        /// A golden row that comes out otherwise than recorded: this machine or build would judge otherwise.
        @Test(arguments: tamperings) func refusesAnotherGoldenRow(_ tampering: Tampering) throws {
            let space = try Example.workspace()
            let parsed = try JSONSerialization.jsonObject(with: Data(space.bytes("calibration/fashion.json")))
            var file = try #require(parsed as? [String: Any])
            var golden = try #require(file["golden"] as? [String: Any])
            tampering.change(&golden)
            file["golden"] = golden
            try CalibrationSeal.renew(&file, edited: "golden")
            try space.write(try JSONSerialization.data(withJSONObject: file), "calibration/fashion.json")

            let check = try space.picketd("--config", "picket.yaml", "--check")
            #expect(check.code == EX_CONFIG, "\(check)")
            #expect(check.errors.contains("model fashion: golden row: \(tampering.says)"), "\(check)")

            let manager = try NotifySocket(space.at("notify"))
            let child = try Child(
                Products.picketd,
                ["--config", "picket.yaml"],
                in: space.path,
                environment: ["NOTIFY_SOCKET": space.at("notify")]
            )
            let finished = try child.wait(seconds: 30)
            manager.drain()
            #expect(manager.count("READY=1") == 0, "it never was ready")
            #expect(finished.code == EX_CONFIG, "\(finished)")
            #expect(finished.errors.contains("golden row: \(tampering.says)"), "\(finished)")
        }
    }
}
