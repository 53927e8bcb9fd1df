import ArgumentParser
import Foundation
import PicketEvaluation
import PicketInference
import PicketTensor

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a model on the native core, without a daemon: .npy files in, a .npy file for each output."
    )

    @Argument(help: "An ONNX file.", completion: .file(extensions: ["onnx"]))
    var model: String

    @Option(parsing: .upToNextOption, help: "NAME=X.npy for each input of the model.")
    var input: [String]

    @Option(help: "Where the outputs go, as <name, / as _>.npy.", completion: .directory)
    var outputDir: String

    @Option(help: "Threads that share out a pass.")
    var threads = 1

    @Option(help: "How the model multiplies: float32, or bfloat16 where this CPU can.")
    var precision = Precision.float32

    func validate() throws {
        guard (1...1024).contains(threads) else { throw ValidationError("--threads \(threads): expected 1 to 1024") }
        for pair in input where !pair.contains("=") {
            throw ValidationError("--input \(pair): expected NAME=X.npy")
        }
    }

    func run() async throws {
        try await reporting {
            var tensors: [String: Tensor] = [:]
            for pair in input {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                tensors[parts[0]] = try Tensor(npyFile: parts[1])
            }
            let folder = try OutputFolder(outputDir)
            let compiled = try naming(model) { try CompiledModel(Model(path: model), precision: precision) }
            let session = Session(compiled, threads: threads)
            let outputs = try session.run(tensors)
            for (name, tensor) in outputs {
                try folder.write(tensor.npyBytes(), to: name.replacing("/", with: "_") + ".npy")
            }
        }
    }
}
