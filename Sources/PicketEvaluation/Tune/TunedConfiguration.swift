import Foundation
public import PicketConfiguration

/// A configuration's text with one chain's detectors exchanged; everything else, comments too, stays as it was.
public struct TunedConfiguration: Sendable {
    /// The new file's text.
    public let text: String

    /// - Parameters:
    ///   - text: the old file's text, which `configuration` was read from.
    ///   - model: the chain's model.
    ///   - calibration: the calibration file that the new text names, in place of the old one's.
    /// - Throws: ``DataSetFault`` where the file does not write the chain's detectors as a block.
    public init(
        _ text: String,
        configuration: Configuration,
        model: String,
        detectors: [TuneReport.Detector],
        calibration: String
    ) throws(DataSetFault) {
        guard let chain = configuration.chain(forModel: model), let first = chain.detectors.first else {
            preconditionFailure("a tuned chain is one of the configuration's")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let block = try TunedConfiguration.block(
            lines,
            from: first.location.line - 1,
            file: configuration.file
        )
        let calibrationLine = chain.calibration.location.line - 1
        guard lines.indices.contains(calibrationLine),
            lines[calibrationLine].drop(while: { $0 == " " || $0 == "-" }).hasPrefix("calibration:")
        else {
            throw DataSetFault(
                "\(configuration.file): line \(calibrationLine + 1): expected calibration: on a line of its own"
            )
        }
        let before = lines[calibrationLine].prefix { $0 == " " || $0 == "-" }
        lines[calibrationLine] = "\(before)calibration: \(SettingsValue.string(calibration).text)"
        let indent = String(repeating: " ", count: block.indent)
        let written =
            ["\(indent)detectors:  # chosen by picket tune; calibrate on clean rows that it has not seen"]
            + detectors.flatMap { detector -> [String] in
                let head = [
                    "\(indent)  - plugin: \(detector.plugin)",
                    "\(indent)    name: \(SettingsValue.string(detector.name).text)",
                ]
                let weight = detector.weight == 1 ? [] : ["\(indent)    weight: \(detector.weight)"]
                return head + weight + ["\(indent)    config: \(detector.config.flow)"]
            }
        lines.replaceSubrange(block.lines, with: written)
        self.text = lines.joined(separator: "\n")
    }

    /// The lines of `detectors:` and what belongs to it, around the first detector's line.
    private static func block(
        _ lines: [String],
        from first: Int,
        file: String
    ) throws(DataSetFault) -> (lines: Range<Int>, indent: Int) {
        func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        func isBlank(_ line: String) -> Bool {
            let rest = line.drop { $0 == " " }
            return rest.isEmpty || rest.hasPrefix("#") || rest == "\r"
        }
        let start =
            lines.indices.contains(first)
            ? (0...first).last { lines[$0].drop { $0 == " " || $0 == "-" }.hasPrefix("detectors:") } : nil
        guard let start, start < first else {
            throw DataSetFault("\(file): line \(first + 1): expected the chain's detectors as a block, a line each")
        }
        let head = lines[start]
        guard !head.drop(while: { $0 == " " }).hasPrefix("-") else {
            throw DataSetFault("\(file): line \(start + 1): expected another key of the chain before detectors:")
        }
        let depth = indent(head)
        var end = start + 1
        for index in lines.indices[(start + 1)...] where !isBlank(lines[index]) {
            let isInside =
                indent(lines[index]) > depth
                || indent(lines[index]) == depth && lines[index].drop { $0 == " " }.hasPrefix("-")
            guard isInside else { break }
            end = index + 1
        }
        return (start..<end, depth)
    }
}
