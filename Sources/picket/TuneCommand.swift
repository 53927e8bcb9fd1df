import ArgumentParser
import Foundation
import PicketConfiguration
import PicketCrypto
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

    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config: String

    @Option(help: "A guarded model of the configuration.")
    var model: String

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

    @Option(help: "32 bytes in hexadecimal that random draws come from; default: the configuration's key.")
    var key: String?

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
        if let output, URL(filePath: output).standardizedFileURL == URL(filePath: config).standardizedFileURL {
            throw ValidationError("--output \(output): expected another file than the configuration")
        }
    }

    func run() async throws {
        try await reporting {
            let configuration = try Configuration.load(path: config)
            var request = TuneRequest(cleanPath: clean, adversarialPaths: adversarial, passes: budget)
            request.key = try key.map { try RandomnessKey(hex: $0) }
            request.rate = rate
            request.pool = pool == .builtin ? .builtin : .configuration
            request.grain = grain == .element ? .element : .component
            request.rowLimit = rows
            let bars = StepBars()
            let found = try await TuneRun(configuration, model: model, logger: .command).run(request) { step in
                bars.show(step.step.rawValue, step.done, of: step.total)
            }
            bars.finish()
            if let report { try write(found, to: report) }
            if let output { try write(found, configuration, to: output) }
            if json { try printJSON(found) } else { print(TuneText(found).plain) }
        }
    }

    private func write(_ found: TuneReport, to folder: String) throws {
        let url = URL(filePath: folder)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try Data(TunePage(found).text.utf8).write(to: url.appending(path: "tune.html"))
            try jsonData(found).write(to: url.appending(path: "tune.json"))
        } catch {
            throw OutputFault(description: "\(folder): \(error.localizedDescription)")
        }
    }

    /// Paths of a configuration are relative to its folder, so that the new file goes beside the old one.
    private func write(_ found: TuneReport, _ configuration: Configuration, to output: String) throws {
        let old = URL(filePath: config).standardizedFileURL
        let new = URL(filePath: output).standardizedFileURL
        guard old.deletingLastPathComponent() == new.deletingLastPathComponent() else {
            throw OutputFault(
                description: "\(output): expected a file beside \(config), whose paths are relative to it"
            )
        }
        do {
            let tuned = try TunedConfiguration(
                String(contentsOf: old, encoding: .utf8),
                configuration: configuration,
                model: model,
                detectors: found.detectors,
                calibration: new.deletingPathExtension().lastPathComponent + ".calibration.json"
            )
            _ = try Configuration.parse(
                tuned.text,
                file: output,
                directory: new.deletingLastPathComponent().path
            )
            try Data(tuned.text.utf8).write(to: new)
        } catch let fault as DataSetFault {
            throw fault
        } catch let fault as ConfigurationFaults {
            throw fault
        } catch {
            throw OutputFault(description: "\(output): \(error.localizedDescription)")
        }
    }
}

/// Where candidates come from, on the command line.
enum PoolName: String, ExpressibleByArgument, CaseIterable {
    case configuration, builtin
}

/// What is taken or left, on the command line.
enum GrainName: String, ExpressibleByArgument, CaseIterable {
    case component, element
}
