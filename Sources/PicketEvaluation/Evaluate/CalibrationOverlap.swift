import PicketDetection

/// Rows to be evaluated that the calibration has used: figures on them would flatter the chain, and no promise covers
/// them.
struct CalibrationOverlap {
    /// By data set that has any: its file, what of it overlaps, how many rows of how many.
    private var found: [(file: String, what: String, count: Int, rows: Int)] = []

    /// - Parameter sets: the clean set and the adversarial ones; of the latter the clean rows behind count too.
    init(_ sets: [DataSetRows], calibration: CalibrationFile) throws {
        for set in sets {
            let rows = try calibration.overlap(with: set)
            if !rows.isEmpty { found.append((set.path, "rows", rows.count, set.count)) }
            var behind = 0
            for range in SetJudge.batches(of: set.count) {
                guard let clean = try set.cleanRows(range) else { break }
                behind += calibration.overlap(with: clean).count
            }
            if behind > 0 { found.append((set.path, "clean rows behind attacked ones (x0)", behind, set.count)) }
        }
    }

    /// What voids the evaluation; nil where nothing overlaps.
    var fault: DataSetFault? {
        guard !found.isEmpty else { return nil }
        let places = found.map { "\($0.file): \($0.count) of \($0.rows) \($0.what) were used by the calibration" }
        return DataSetFault(
            places.joined(separator: "\n") + "\nexpected rows that the calibration has not seen: its promise holds for "
                + "nothing else"
        )
    }
}
