import Foundation
import PicketConfiguration
import PicketCrypto
import PicketDetection

/// What an evaluation was made of, to the byte.
package struct Provenance: Sendable {
    /// A fact: what, and its digest or name.
    package struct Entry: Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var entries: [Entry]
    package var configurationText: String

    package init(entries: [Entry], configurationText: String) {
        self.entries = entries
        self.configurationText = configurationText
    }

    /// - Parameters:
    ///   - keyID: the id of the key that draws came from.
    ///   - dataPaths: the clean set and the adversarial ones.
    init(
        _ configuration: Configuration,
        calibration: CalibrationFile,
        calibrationPath: String,
        keyID: String,
        dataPaths: [String]
    ) {
        let bytes = (try? Data(contentsOf: URL(filePath: configuration.file))) ?? Data()
        let counts = calibration.counts
        var entries: [Entry] = []
        func note(_ name: String, _ value: String) { entries.append(Entry(name: name, value: value)) }
        note("measured", Date.now.formatted(.iso8601))
        note("configuration", configuration.file)
        note("SHA-256 of the configuration", bytes.withUnsafeBytes { SHA256Digest(of: $0).hex })
        note("calibration", calibrationPath)
        note("calibrated", calibration.created)
        note("joined by", calibration.method.rawValue)
        note(
            "clean rows of the calibration",
            "\(counts.fit) fitted, \(counts.ranks) ranked, \(counts.pValues) for p-values"
        )
        note("key of the calibration", calibration.keyID)
        note("key here", keyID)
        note("chain", calibration.chainDigest)
        for model in calibration.models { note("model \(model.name)", model.sha256) }
        for state in calibration.states { note("state of \(state.name)", state.sha256) }
        for part in calibration.chainParts { note("part: \(part.name)", part.digest) }
        for path in dataPaths {
            let digest = try? SHA256Digest(ofFile: path).hex
            note("data \(path)", digest ?? "a folder")
        }
        self.init(entries: entries, configurationText: String(decoding: bytes, as: UTF8.self))
    }
}
