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

    @Option(help: "Measure under so many keys, the others derived from the first, and give mean and worst.")
    var keys = 1

    @Option(
        help: "Write the raw components of every row into this folder, as .npy arrays.",
        completion: .directory
    )
    var components: String?

    @Flag(inversion: .prefixedNo, help: "Measure what share of benignly corrupted clean rows is flagged.")
    var corruptions = true

    @Flag(help: "Print JSON.")
    var json = false

    @Option(
        help: "Write evaluation.html, a page by itself, with evaluation.json and evaluation.md into this folder.",
        completion: .directory
    )
    var report: String?

    func validate() throws {
        guard (1...1000).contains(keys) else { throw ValidationError("--keys \(keys): expected 1 to 1000") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try Configuration.load(path: config)
            var request = EvaluationRequest(cleanPath: clean, adversarialPaths: adversarial)
            request.key = try key.map { try RandomnessKey(hex: $0) }
            request.keyCount = keys
            request.componentsPath = components
            request.measuresCorruptions = corruptions
            request.isReported = report != nil
            let bar = ProgressBar("evaluating")
            let evaluation = try await EvaluationRun(configuration, model: model, logger: .command).run(request) {
                bar.show($0, of: $1)
            }
            bar.finish()
            let measured = evaluation.report
            if let report { try write(evaluation, to: report) }
            if json { try printJSON(measured) } else { print(EvaluationText(measured).plain) }
        }
    }

    private func write(_ evaluation: Evaluation, to folder: String) throws {
        let url = URL(filePath: folder)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try Data(EvaluationPage(evaluation).text.utf8).write(to: url.appending(path: "evaluation.html"))
            try jsonData(evaluation.report).write(to: url.appending(path: "evaluation.json"))
            try Data(EvaluationText(evaluation.report).markdown.utf8).write(to: url.appending(path: "evaluation.md"))
        } catch {
            throw OutputFault(description: "\(folder): \(error.localizedDescription)")
        }
    }
}
