import ArgumentParser
import Foundation
import PicketConfiguration
import PicketEvaluation
import PicketInference

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first configuration for a model: the default chain, every key commented.",
        discussion: """
            Afterwards `picket calibrate` fits the chain on clean samples, and `picketd` guards the model.
            """
    )

    @Argument(help: "An ONNX classifier of pictures.", completion: .file(extensions: ["onnx"]))
    var model: String

    @Option(help: "Clean samples (.npz or a folder of pictures): the range of the pixels is taken from them.")
    var clean: String?

    @Option(help: "Where the configuration goes; files that it names are relative to its folder.")
    var output = "picket.yaml"

    @Option(help: "Where plugins are loaded from; default: beside this executable, or the packaged folder.")
    var plugins: String?

    @Flag(help: "Replace a configuration that is there.")
    var force = false

    func run() async throws {
        try await reporting {
            let text = try FirstConfiguration(
                model: model,
                clean: clean,
                folder: URL(filePath: output).deletingLastPathComponent().path,
                plugins: plugins ?? InitCommand.builtPlugins
            ).text()
            guard force || !FileManager.default.fileExists(atPath: output) else {
                throw OutputFault(output, "a file is there already; --force replaces it")
            }
            try OutputFile(output).write(Data(text.utf8))
            let name = ConfigurationTemplate.modelName(forFile: model)
            print(
                """
                wrote \(output); look through it, then
                  picket calibrate --config \(output) --model \(name) --clean \(clean ?? "CLEAN.npz")
                  picketd --config \(output)
                """
            )
        }
    }

    /// The folder of this executable, where it holds plugins too, as a build folder does.
    private static var builtPlugins: String? {
        guard let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
        let folder = executable.deletingLastPathComponent().path
        return FileManager.default.fileExists(atPath: folder + "/libpicket-feature-squeezing.so") ? folder : nil
    }
}
