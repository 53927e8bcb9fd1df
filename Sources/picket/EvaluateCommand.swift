import ArgumentParser
import Foundation
import PicketConfiguration
import PicketCrypto
import PicketEvaluation

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a calibrated chain on clean and on adversarial data, without a daemon."
    )

    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config: String

    @Option(help: "A guarded model of the configuration.")
    var model: String

    @Option(help: "Clean samples that the calibration has not seen: an .npz file or a folder of pictures.")
    var clean: String

    @Option(
        parsing: .upToNextOption,
        help: "Adversarial sets: .npz files with x, y (true classes) and optionally x0 (the clean samples behind)."
    )
    var adversarial: [String] = []

    @Option(help: "32 bytes in hexadecimal that random draws come from; default: the configuration's key.")
    var key: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: "Write evaluation.json and evaluation.md into this folder.", completion: .directory)
    var report: String?

    func run() async throws {
        try await reporting {
            let configuration = try Configuration.load(path: config)
            let bar = ProgressBar("evaluating")
            let measured = try await EvaluationRun(configuration, model: model, logger: .command).run(
                cleanPath: clean,
                adversarialPaths: adversarial,
                key: try key.map { try RandomnessKey(hex: $0) }
            ) { bar.show($0, of: $1) }
            bar.finish()
            if let report { try write(measured, to: report) }
            if json { try printJSON(measured) } else { print(EvaluationText(measured).plain) }
        }
    }

    private func write(_ measured: EvaluationReport, to folder: String) throws {
        let url = URL(filePath: folder)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try jsonData(measured).write(to: url.appending(path: "evaluation.json"))
            try Data(EvaluationText(measured).markdown.utf8).write(to: url.appending(path: "evaluation.md"))
        } catch {
            throw OutputFault(description: "\(folder): \(error.localizedDescription)")
        }
    }
}
