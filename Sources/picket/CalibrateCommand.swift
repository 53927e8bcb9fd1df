import ArgumentParser
import Logging
import PicketEvaluation

struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Fit a chain on clean data, and write the calibration that the configuration names."
    )

    @OptionGroup var guarded: GuardedOptions

    @Option(help: "Clean samples: an .npz file (x, optionally y and group) or a folder of pictures.")
    var clean: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            let run = CalibrationRun(try guarded.configuration(), model: guarded.model, logger: .command)
            let bar = ProgressBar("calibrating")
            let summary = try await run.run(cleanPath: clean, key: guarded.randomnessKey()) {
                bar.show($0.done, of: $0.total)
            }
            bar.finish()
            if json { try printJSON(summary) } else { print(text(summary)) }
        }
    }

    private func text(_ summary: CalibrationRun.Summary) -> String {
        let assurance =
            summary.confidence == 0 ? "on average over calibrations" : "with confidence \(summary.confidence)"
        var lines = [
            "\(summary.file)",
            "promise (\(summary.guarantee)): at most \(percent(summary.falsePositiveRate)) of clean \(summary.ratePer)s "
                + "flagged\(summary.classes == nil ? "" : " in every predicted class"), \(assurance)",
            "clean rows: \(summary.fitted) fitted, \(summary.ranked) ranked, \(summary.judged) judged",
        ]
        if let classes = summary.classes {
            lines += classes.map {
                "class \($0.label): \($0.n) judged; the threshold \(decimal($0.threshold)) is their "
                    + "\(ordinal($0.rank)) largest"
            }
        } else {
            lines.append("the threshold \(decimal(summary.threshold)) is their \(ordinal(summary.rank)) largest")
        }
        // Rounded up: what is said must be what is carried.
        let smallest = (summary.smallestRate * 1e5).rounded(.up) / 1e3
        lines.append("the smallest rate that they carry: \(decimal(smallest)) %")
        if let needed = summary.neededPerClass {
            lines[lines.count - 1] += ", in the class with the fewest; a class needs \(needed) judged rows at least"
        }
        if let rejected = summary.rejectedOf32Rows {
            lines.append("a clean request of 32 rows is rejected up to \(percent(rejected)) of the time: rate-per: row")
        }
        if let largest = summary.largestRequest {
            lines.append("requests of up to \(largest) rows can be held to the rate; larger ones are refused")
        }
        return lines.joined(separator: "\n")
    }

    private func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }
}

extension Logger {
    /// What commands log: warnings to stderr.
    static var command: Logger {
        var logger = Logger(label: "picket") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }
}
