import Foundation
import Testing

extension BlackBox {
    /// How the commands end where they are used wrongly, or cannot do what they are asked.
    @OffPool @Suite struct ExitCodeTests {
        struct Use: Sendable, CustomTestStringConvertible {
            let arguments: [String]
            let code: Int32
            let says: String

            init(_ line: String, _ code: Int32, _ says: String) {
                arguments = line.split(separator: " ").map(String.init)
                self.code = code
                self.says = says
            }

            var testDescription: String { arguments.joined(separator: " ") }
        }

        private nonisolated static let evaluate =
            "picket evaluate --config picket.yaml --model fashion --clean none.npz"
        private nonisolated static let tune =
            "picket tune --config picket.yaml --model fashion --clean none.npz --adversarial none.npz --budget 9"

        nonisolated static let uses: [Use] = [
            Use("picket frobnicate", EX_USAGE, "frobnicate"),
            Use("picket inspect", EX_USAGE, "<model>"),
            Use("picket inspect a.onnx b.onnx", EX_USAGE, "b.onnx"),
            Use("picket inspect none.onnx", EX_NOINPUT, "none.onnx"),
            Use("picket inspect text.onnx", EX_DATAERR, "byte 0"),
            Use("picket inspect .", EX_NOINPUT, "not a regular file"),
            Use("picket bench MODEL --batch 0", EX_USAGE, "--batch 0: expected 1 to"),
            Use("picket bench MODEL --batch many", EX_USAGE, "many"),
            Use("picket bench MODEL --threads 0", EX_USAGE, "--threads 0"),
            Use("picket bench", EX_USAGE, "MODEL.onnx"),
            Use("picket bench none.onnx", EX_NOINPUT, "none.onnx"),
            Use("picket bench --config c.yaml --model m --turns", EX_USAGE, "--turns: expected with MODEL.onnx"),
            Use("picket bench MODEL --clean none.npz", EX_USAGE, "--clean: expected with --config"),
            Use("picket run MODEL --output-dir out", EX_USAGE, "--input"),
            Use("picket run MODEL --input nothing --output-dir out", EX_USAGE, "expected NAME=X.npy"),
            Use("picket run none.onnx --input input=ROWS --output-dir out", EX_NOINPUT, "none.onnx"),
            Use("picket run MODEL --input x=ROWS --output-dir out", EX_DATAERR, "x"),
            Use("picket run MODEL --input input=text.onnx --output-dir out", EX_DATAERR, "text.onnx"),
            Use("picket calibrate --config picket.yaml --model fashion", EX_USAGE, "--clean"),
            Use("picket calibrate --config none.yaml --model fashion --clean x.npz", EX_CONFIG, "none.yaml"),
            Use("picket calibrate --config picket.yaml --model none --clean x.npz", EX_USAGE, "none"),
            Use("picket calibrate --config picket.yaml --model fashion --clean text.onnx", EX_DATAERR, "text.onnx"),
            Use(
                "picket calibrate --config picket.yaml --model fashion --clean x.npz --key 12",
                EX_USAGE,
                "64 hexadecimal"
            ),
            Use("picket evaluate --config picket.yaml --model none --clean x.npz", EX_USAGE, "none"),
            // Outputs are tried before the work: the samples, which are not there either, are not looked for yet.
            Use("\(evaluate) --report text.onnx", EX_CANTCREAT, "text.onnx: is a file, expected a folder"),
            Use("\(evaluate) --components text.onnx", EX_CANTCREAT, "text.onnx: is a file, expected a folder"),
            Use("\(evaluate) --report new", EX_NOINPUT, "none.npz: No such file"),
            Use("\(tune) --report text.onnx", EX_CANTCREAT, "text.onnx: is a file, expected a folder"),
            Use("\(tune) --output text.onnx/new.yaml", EX_CANTCREAT, "text.onnx/new.yaml"),
            Use("\(tune) --output new.yaml", EX_NOINPUT, "none.npz: No such file"),
            Use("picket classify --socket none.sock --model fashion --input ROWS", EX_UNAVAILABLE, "none.sock"),
            Use("picket init none.onnx --output new.yaml", EX_NOINPUT, "none.onnx"),
            Use("picket init MODEL", EX_CANTCREAT, "picket.yaml: a file is there already"),
            Use("picket status", EX_UNAVAILABLE, "not supported in this version"),
            Use("picket records list", EX_UNAVAILABLE, "not supported in this version"),
            Use("picket records show a", EX_UNAVAILABLE, "not supported in this version"),
            Use("picket records export a", EX_UNAVAILABLE, "not supported in this version"),
            Use("picket records purge", EX_UNAVAILABLE, "not supported in this version"),
            Use("picketd", EX_USAGE, "--config"),
            Use("picketd --config picket.yaml --colour", EX_USAGE, "--colour"),
            Use("picketd --config none.yaml", EX_CONFIG, "none.yaml"),
            Use("picketd --config none.yaml --check", EX_CONFIG, "none.yaml"),
            Use("picketd --config text.onnx --check", EX_CONFIG, "text.onnx"),
        ]

        @Test(arguments: uses) func ends(_ use: Use) throws {
            let space = try Example.workspace()
            try space.write("this is no model\n", "text.onnx")
            let arguments = use.arguments.map { argument in
                argument.replacing("MODEL", with: Products.example + "/models/fashion-c.onnx")
                    .replacing("ROWS", with: Rows.path("clean"))
            }
            let done = try Child.run(
                "\(Products.folder)/\(arguments[0])",
                Array(arguments.dropFirst()),
                in: space.path
            )
            #expect(done.code == use.code, "\(done)")
            #expect(done.errors.contains(use.says), "\(done)")
            #expect(done.output == "", "what went wrong is said on stderr alone: \(done)")
        }

        @Test func saysThatSamplesAreNotThere() throws {
            let space = try Example.workspace()
            let done = try space.picket(
                "calibrate",
                "--config",
                "picket.yaml",
                "--model",
                "fashion",
                "--clean",
                "none.npz"
            )
            #expect(done.errors.contains("none.npz: No such file"), "\(done)")
            #expect(done.code == EX_NOINPUT, "\(done)")
        }

        @Test(arguments: [
            "picket", "picket init", "picket inspect", "picket run", "picket bench", "picket calibrate",
            "picket evaluate", "picket classify", "picket status", "picket records", "picketd",
        ])
        func helps(_ command: String) throws {
            let words = command.split(separator: " ").map(String.init)
            let space = try Workspace()
            let done = try Child.run("\(Products.folder)/\(words[0])", words.dropFirst() + ["--help"], in: space.path)
            #expect(done.code == 0, "\(done)")
            #expect(done.output.contains("USAGE: \(command)"), "\(done)")
            #expect(done.errors == "")
        }

        @Test(arguments: ["picket", "picketd"]) func tellsItsVersion(_ command: String) throws {
            let space = try Workspace()
            let done = try Child.run("\(Products.folder)/\(command)", ["--version"], in: space.path)
            #expect(done.code == 0)
            #expect(done.output.contains(/^\d+\.\d+\.\d+\n$/), "\(done)")
        }
    }
}
