internal import Foundation
internal import PicketCrypto

// What of a document thresholds are counted in.

extension CalibrationFile {
    /// The checked strata: one of all rows, or one for each of some classes.
    static func strata(
        _ document: CalibrationDocument,
        promise: Promise
    ) throws(CalibrationFault) -> [ScoreStratum] {
        let labels = document.strata.map(\.label)
        if promise.isClassConditional {
            let classes = labels.compactMap(\.self)
            guard !classes.isEmpty, classes.count == labels.count, classes[0] >= 0,
                zip(classes, classes.dropFirst()).allSatisfy({ $0 < $1 })
            else {
                throw .content(field: "strata", reason: "expected one for each class, by ascending class")
            }
        } else if labels != [nil] {
            throw .content(field: "strata", reason: "expected one, of no class")
        }
        var strata: [ScoreStratum] = []
        for (index, stratum) in document.strata.enumerated() {
            strata.append(try self.stratum(stratum, document, promise: promise, field: "strata[\(index)]"))
        }
        let count = strata.reduce(0) { $0 + $1.chain.count }
        guard count == document.counts.pValues else {
            throw .content(field: "strata", reason: "\(count) scores in all, expected \(document.counts.pValues)")
        }
        return strata
    }

    private static func stratum(
        _ stratum: CalibrationDocument.Stratum,
        _ document: CalibrationDocument,
        promise: Promise,
        field: String
    ) throws(CalibrationFault) -> ScoreStratum {
        let chain = try CleanScores(ascending: stratum.scores.values, field: "\(field).scores")
        guard promise.rank(sampleCount: chain.count) == stratum.rank else {
            throw .content(
                field: "\(field).rank",
                reason: "\(stratum.rank), which is not what \(chain.count) clean scores carry"
            )
        }
        guard stratum.detectors.count == document.detectors.count,
            stratum.detectors.allSatisfy({ $0.values.count == chain.count })
        else {
            throw .content(
                field: "\(field).detectors",
                reason: "expected \(chain.count) scores of each of \(document.detectors.count) detectors"
            )
        }
        var detectors: [CleanScores] = []
        for (index, scores) in stratum.detectors.enumerated() {
            detectors.append(try CleanScores(ascending: scores.values, field: "\(field).detectors[\(index)]"))
        }
        return ScoreStratum(label: stratum.label, rank: stratum.rank, chain: chain, detectors: detectors)
    }
}

extension UsedRows {
    init(_ rows: CalibrationDocument.Rows) throws(CalibrationFault) {
        guard let salt = Hexadecimal.decode(rows.salt) else {
            throw .content(field: "rows.salt", reason: "expected hexadecimal digits")
        }
        guard let codes = Data(base64Encoded: rows.codes), codes.count.isMultiple(of: 8) else {
            throw .content(field: "rows.codes", reason: "expected 8 bytes a row, in Base64")
        }
        try self.init(salt: salt, codes: LittleEndian.words(Array(codes), size: 8), field: "rows")
    }
}
