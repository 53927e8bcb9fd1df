import Foundation
import Testing

extension BlackBox {
    /// The commands' contracts: JSON, exit codes of sysexits.h, words.
    @OffPool @Suite struct CommandTests {
        private func model(_ name: String) -> String { "\(Products.example)/models/\(name).onnx" }

        @Test(arguments: ["fashion-cnn", "fashion-b", "fashion-c"]) func inspects(_ name: String) throws {
            let done = try Workspace().picket("inspect", model(name), "--json")
            #expect(done.code == 0, "\(done)")
            let report = try JSON(done.output.utf8)
            let complaints = report.complaints(against: [
                "inputs": "array", "outputs": "array", "opset": "integer", "nodes": "integer", "operators": "object",
                "parameters": "integer", "unsupported": "array",
            ])
            #expect(complaints == [])
            let ports = report["inputs"].elements + report["outputs"].elements
            for port in ports {
                #expect(port.complaints(against: ["name": "string", "type": "string", "shape": "array"]) == [])
            }
            #expect(ports.map { $0["name"].text } == ["input", "logits"])
            #expect(
                report["inputs"].elements[0]["shape"].elements.dropFirst() == [.number(1), .number(28), .number(28)]
            )
            #expect(report["unsupported"] == .array([]))
            let operators = report["operators"].members.values.reduce(0) { $0 + ($1.number ?? .nan) }
            #expect(operators == report["nodes"].number)
            #expect((report["parameters"].number ?? 0) > 10_000)
        }

        @Test func inspectsWhatItDoesNotRun() throws {
            let path = "\(Products.cases)/blackbox/unsupported.onnx"
            let done = try Workspace().picket("inspect", path, "--json")
            #expect(done.code == EX_DATAERR, "\(done)")
            let unsupported = try JSON(done.output.utf8)["unsupported"].elements
            #expect(unsupported.count == 1)
            for node in unsupported {
                #expect(node.complaints(against: ["node": "string", "operator": "string", "reason": "string"]) == [])
            }
            #expect(unsupported.first?["operator"].text == "Frobnicate")
            #expect(unsupported.first?["node"].text == "second")
            #expect(try Workspace().picket("inspect", path).output.contains("Frobnicate"))
        }

        @Test func benches() throws {
            let done = try Workspace().picket(
                "bench",
                model("fashion-c"),
                "--batch",
                "4",
                "--threads",
                "2",
                "--seconds",
                "0.2",
                "--json"
            )
            #expect(done.code == 0, "\(done)")
            let figures = try JSON(done.output.utf8)
            let complaints = figures.complaints(against: [
                "model": "string", "batch": "integer", "threads": "integer", "isa": "string", "iterations": "integer",
                "p50_ms": "number", "p99_ms": "number", "inferences_per_second": "number",
            ])
            #expect(complaints == [])
            #expect(figures["batch"].number == 4)
            #expect(figures["threads"].number == 2)
            #expect((figures["p50_ms"].number ?? 0) > 0)
            #expect((figures["p99_ms"].number ?? 0) >= (figures["p50_ms"].number ?? .infinity))
        }

        @Test func benchesAChain() throws {
            let space = try Example.workspace()
            func bench(_ more: [String]) throws -> Finished {
                let arguments = ["bench", "--config", "picket.yaml", "--model", "fashion", "--batch", "2"]
                return try Child.run(
                    Products.picket,
                    arguments + ["--seconds", "0.2", "--json"] + more,
                    in: space.path
                )
            }
            for sent in [[], ["--clean", Products.cleanTest]] {
                let done = try bench(sent)
                #expect(done.code == 0, "\(done)")
                let figures = try JSON(done.output.utf8)
                let complaints = figures.complaints(against: [
                    "model": "string", "threads": "integer", "rows": "integer", "passes_per_request": "integer",
                    "rows_per_request": "integer", "plain_p50_ms": "number", "passes_p50_ms": "number",
                    "chain_p50_ms": "number", "chain_p99_ms": "number", "busy_ms": "number", "ratio": "number",
                    "overhead": "number", "busy_overhead": "number",
                ])
                #expect(complaints == [])
                #expect(figures["rows"].number == 2)
                #expect(figures["passes_per_request"].number == 4)
                #expect((figures["busy_ms"].number ?? 0) > 0)
            }
            let missing = try bench(["--clean", "none.npz"])
            #expect(missing.code == EX_NOINPUT, "\(missing)")
        }

        /// The levels of kernels that every machine has can be asked for, others are named as they are.
        @Test func benchesOnTheLevelAskedFor() throws {
            let space = try Workspace()
            let arguments = ["bench", model("fashion-c"), "--seconds", "0.05", "--json"]
            let portable = try Child.run(
                Products.picket,
                arguments,
                in: space.path,
                environment: ["PICKET_ISA": "portable"]
            )
            #expect(try JSON(portable.output.utf8)["isa"].text == "portable")
            let nonsense = try Child.run(
                Products.picket,
                arguments,
                in: space.path,
                environment: ["PICKET_ISA": "abacus"]
            )
            #expect(nonsense.code != nil, "an unknown level is no crash: \(nonsense)")
        }

        /// `run` gives the numbers that onnxruntime gave, to a file per output.
        @Test(arguments: ["fashion-cnn", "fashion-b", "fashion-c"]) func runs(_ name: String) throws {
            let space = try Workspace()
            let images = "\(Products.cases)/golden/images.npy"
            let done = try space.picket(
                "run",
                model(name),
                "--input",
                "input=\(images)",
                "--output-dir",
                "made/here"
            )
            #expect(done.code == 0, "\(done)")
            let found = try floats(space.at("made/here/logits.npy"))
            let expected = try floats("\(Products.cases)/golden/\(name).npy")
            #expect(found.count == expected.count)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
        }

        private func floats(_ path: String) throws -> [Float] {
            let bytes = Array(try Data(contentsOf: URL(filePath: path)))
            guard bytes.count > 10 else { throw Unusable("\(path) is cut off") }
            let data = Array(bytes.dropFirst(10 + Int(bytes[8]) + Int(bytes[9]) << 8))
            return stride(from: 0, to: data.count - 3, by: 4).map { index in
                Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[index + $1]) << (8 * UInt32($1)) })
            }
        }

        @Test func classifies() throws {
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose("score")]))
            let arguments = ["classify", "--socket", daemon.socket, "--model", "fashion", "--json", "--input"]
            let row = [
                "verdict": "string", "score": "number", "label": "integer", "confidence": "number", "record": "null",
            ]
            let done = try Child.run(Products.picket, arguments + [Rows.path("attacked")], in: daemon.space.path)
            #expect(done.code == 0, "\(done)")
            let report = try JSON(done.output.utf8)
            #expect(report["model"].text == "fashion")
            #expect(report["rows"].elements.count == 32)
            #expect(report["rows"].elements.flatMap { $0.complaints(against: row) } == [])
            #expect(report["rows"].elements.count { $0["verdict"].text == "flag" } >= 16)
            let verdicts = Set(report["rows"].elements.map { $0["verdict"].text })
            #expect(verdicts.isSubset(of: ["pass", "flag"]))
        }

        @Test func classifiesWhatIsNotDisclosedAsNull() throws {
            let daemon = try GuardedDaemon(Example.workspace([.monitor, .disclose("none")]))
            let arguments = ["classify", "--socket", daemon.socket, "--model", "fashion", "--json", "--input"]
            let done = try Child.run(Products.picket, arguments + [Rows.path("clean")], in: daemon.space.path)
            #expect(done.code == 0, "\(done)")
            let row = [
                "verdict": "null", "score": "null", "label": "integer", "confidence": "number", "record": "null",
            ]
            let rows = try JSON(done.output.utf8)["rows"].elements
            #expect(rows.count == 48)
            #expect(rows.flatMap { $0.complaints(against: row) } == [])
        }

        @Test func classifiesRejectedRows() throws {
            let daemon = try GuardedDaemon(Example.workspace())
            let arguments = ["classify", "--socket", daemon.socket, "--model", "fashion", "--json", "--input"]
            let done = try Child.run(Products.picket, arguments + [Rows.path("attacked")], in: daemon.space.path)
            #expect(done.code == 0, "\(done)")
            let rejected = try JSON(done.output.utf8)["rows"].elements.filter { $0["verdict"].text == "flag" }
            #expect(rejected.count >= 16)
            let row = ["verdict": "string", "score": "null", "label": "null", "confidence": "null", "record": "null"]
            #expect(rejected.flatMap { $0.complaints(against: row) } == [])
        }
    }
}
