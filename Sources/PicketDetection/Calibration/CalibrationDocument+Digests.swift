internal import Foundation
internal import PicketCrypto

// What tells that a file is as `calibrate` wrote it: thresholds, weights, rank tables and codes of rows are numbers that no
// other check could miss. A digest tells an edit or damage, not a forger, who computes it anew: that is what the file's
// permissions are for.

extension CalibrationDocument {
    /// By field, the SHA-256 of its content, and one of them all, so that no two files' fields can be mixed.
    struct Digests: Codable, Equatable {
        var fields: [String: String]
        var all: String

        static let none = Digests(fields: [:], all: "")
    }

    /// The digests that go with this content.
    func digestsOfContent() throws(CalibrationFault) -> Digests {
        let encoder = JSONEncoder()
        encoder.outputFormatting = CalibrationFile.formatting
        var fields: [String: String] = [:]
        let all = SHA256Hasher()
        all.update(field: "picket calibration \(CalibrationFile.schema)")
        for key in CodingKeys.allCases {
            guard let content = content(key) else { continue }
            do {
                let digest = SHA256Digest(of: Array(try encoder.encode(content))).hex
                fields[key.stringValue] = digest
                all.update(field: key.stringValue)
                all.update(field: digest)
            } catch {
                throw .content(field: key.stringValue, reason: "a number is not finite: \(error)")
            }
        }
        return Digests(fields: fields, all: all.finalize().hex)
    }

    /// - Throws: ``CalibrationFault/content(field:reason:)`` of the first field that is not what it was when it was written.
    func checkDigests() throws(CalibrationFault) {
        let found = try digestsOfContent()
        for key in CodingKeys.allCases.map(\.stringValue) {
            guard let digest = found.fields[key], digest != digests.fields[key] else { continue }
            throw .content(
                field: key,
                reason: "has the SHA-256 \(digest), but \(digests.fields[key] ?? "none") is recorded: it was edited or "
                    + "damaged since `picket calibrate` wrote it"
            )
        }
        guard found == digests else {
            throw .content(field: "digests", reason: "are not those of one calibration's fields")
        }
    }

    /// What a field's digest is of; nil of what says how to read the file.
    private func content(_ key: CodingKeys) -> (any Encodable)? {
        switch key {
        case .schema, .digests: nil
        case .model: model
        case .created: created
        case .promise: promise
        case .method: method
        case .counts: counts
        case .splitSeed: splitSeed
        case .keyID: keyID
        case .chain: chain
        case .models: models
        case .states: states
        case .golden: golden
        case .rows: rows
        case .detectors: detectors
        case .strata: strata
        }
    }
}
