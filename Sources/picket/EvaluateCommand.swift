import ArgumentParser
import Foundation
import PicketEvaluation

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a calibrated chain on clean and on adversarial data, without a daemon."
    )

    @OptionGroup var guarded: GuardedOptions

    @Option(help: "Clean samples that the calibration has not seen: an .npz file or a folder of pictures.")
    var clean: String

    @Option(
        parsing: .upToNextOption,
        help: "Adversarial sets: .npz files with x, y (true classes) and optionally x0 (the clean samples behind)."
    )
    var adversarial: [String] = []

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
            let run = EvaluationRun(try guarded.configuration(), model: guarded.model, logger: .command)
            let folder = try report.map { try OutputFolder($0, files: ReportFile.allCases.map(\.rawValue)) }
            var request = EvaluationRequest(cleanPath: clean, adversarialPaths: adversarial)
            request.key = try guarded.randomnessKey()
            request.keyCount = keys
            request.componentsPath = components
            request.measuresCorruptions = corruptions
            request.isReported = folder != nil
            let bar = ProgressBar("evaluating")
            let evaluation = try await run.run(request) { bar.show($0, of: $1) }
            bar.finish()
            let measured = evaluation.report
            if let folder { try write(evaluation, to: folder) }
            if json { try printJSON(measured) } else { print(EvaluationText(measured).plain) }
        }
    }

    private func write(_ evaluation: Evaluation, to folder: OutputFolder) throws {
        try folder.write(Data(EvaluationPage(evaluation).text.utf8), to: ReportFile.page.rawValue)
        try folder.write(jsonData(evaluation.report), to: ReportFile.figures.rawValue)
        try folder.write(Data(EvaluationText(evaluation.report).markdown.utf8), to: ReportFile.table.rawValue)
    }
}

/// What `--report` writes.
private enum ReportFile: String, CaseIterable {
    case page = "evaluation.html"
    case figures = "evaluation.json"
    case table = "evaluation.md"
}
