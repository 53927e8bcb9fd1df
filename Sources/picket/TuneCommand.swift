import ArgumentParser
import Foundation
import PicketConfiguration
import PicketEvaluation

struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Choose a chain's parts for a budget of passes, from clean and adversarial data.",
        discussion: """
            Evaluates every candidate once and searches for the choice with the best detection; thresholds are \
            cross-validated on the clean samples, and each attack is also judged by a choice that was made without it. A \
            pass is one run of a model on the row or on a variant of it, the plain inference among them.

            The samples that tune saw can't vouch for what it chose: calibrate the new configuration on others.
            """
    )

    @OptionGroup var guarded: GuardedOptions

    @Option(help: "Clean samples: an .npz file or a folder of pictures.")
    var clean: String

    @Option(
        parsing: .upToNextOption,
        help: "Adversarial sets: .npz files with x, y (true classes) and optionally x0 (the clean samples behind)."
    )
    var adversarial: [String]

    @Option(help: "Passes of a request of one row, at most.")
    var budget: Int

    @Option(help: "The false-positive rate; default: the configuration's.")
    var rate: Double?

    @Option(help: "Where candidates come from: configuration (its chain, taken apart) or builtin.")
    var pool = PoolName.configuration

    @Option(help: "What is taken or left: a component, or an element of a detector's list (a shorter search).")
    var grain = GrainName.component

    @Option(help: "Rows of an adversarial set that are looked at.")
    var rows = 400

    @Option(help: "Write the chosen configuration to this file.", completion: .file(extensions: ["yaml"]))
    var output: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: "Write tune.html, a page by itself, and tune.json into this folder.", completion: .directory)
    var report: String?

    func validate() throws {
        guard budget >= 1 else { throw ValidationError("--budget \(budget): expected 1 or more") }
        guard rows >= 1 else { throw ValidationError("--rows \(rows): expected 1 or more") }
        if let rate, !(rate >= 1e-6 && rate <= 0.5) {
            throw ValidationError("--rate \(rate): expected 0.000001 to 0.5")
        }
        if let output,
            URL(filePath: output).standardizedFileURL == URL(filePath: guarded.config).standardizedFileURL
        {
            throw ValidationError("--output \(output): expected another file than the configuration")
        }
    }

    func run() async throws {
        try await reporting {
            let configuration = try guarded.configuration()
            let run = TuneRun(configuration, model: guarded.model, logger: .command)
            let folder = try report.map { try OutputFolder($0, files: ReportFile.allCases.map(\.rawValue)) }
            let tuned = try output.map(tunedFile)
            var request = TuneRequest(cleanPath: clean, adversarialPaths: adversarial, passes: budget)
            request.key = try guarded.randomnessKey()
            request.rate = rate
            request.pool = pool == .builtin ? .builtin : .configuration
            request.grain = grain == .element ? .element : .component
            request.rowLimit = rows
            let bars = StepBars()
            let found = try await run.run(request) { step in
                bars.show(step.step.rawValue, step.done, of: step.total)
            }
            bars.finish()
            if let folder { try write(found, to: folder) }
            if let tuned { try write(found, configuration, to: tuned) }
            if json { try printJSON(found) } else { print(TuneText(found).plain) }
        }
    }

    /// Where the new configuration goes. Paths of a configuration are relative to its folder, so that it is the old one's.
    private func tunedFile(_ output: String) throws -> OutputFile {
        let folder = URL(filePath: guarded.config).standardizedFileURL.deletingLastPathComponent()
        guard URL(filePath: output).standardizedFileURL.deletingLastPathComponent() == folder else {
            throw OutputFault(output, "expected a file beside \(guarded.config), whose paths are relative to it")
        }
        return try OutputFile(output)
    }

    private func write(_ found: TuneReport, to folder: OutputFolder) throws {
        try folder.write(Data(TunePage(found).text.utf8), to: ReportFile.page.rawValue)
        try folder.write(jsonData(found), to: ReportFile.figures.rawValue)
    }

    private func write(_ found: TuneReport, _ configuration: Configuration, to file: OutputFile) throws {
        let new = URL(filePath: file.path).standardizedFileURL
        let tuned = try TunedConfiguration(
            String(contentsOfFile: guarded.config, encoding: .utf8),
            configuration: configuration,
            model: guarded.model,
            detectors: found.detectors,
            calibration: new.deletingPathExtension().lastPathComponent + ".calibration.json"
        )
        _ = try Configuration.parse(tuned.text, file: file.path, directory: new.deletingLastPathComponent().path)
        try file.write(Data(tuned.text.utf8))
    }
}

/// What `--report` writes.
private enum ReportFile: String, CaseIterable {
    case page = "tune.html"
    case figures = "tune.json"
}

/// Where candidates come from, on the command line.
enum PoolName: String, ExpressibleByArgument, CaseIterable {
    case configuration, builtin
}

/// What is taken or left, on the command line.
enum GrainName: String, ExpressibleByArgument, CaseIterable {
    case component, element
}
