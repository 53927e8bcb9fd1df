internal import PicketCrypto
public import PicketTensor

extension CalibrationFile {
    private static let overlapBatch = 64

    /// Which rows of a data set this calibration has used, for fitting, for ranks or for p-values: their indices,
    /// ascending.
    ///
    /// The promise holds for rows that the calibration has not seen, and for nothing else. `evaluate` asks this of its
    /// clean set, and of the clean rows behind attacked ones (`x0`) with ``overlap(with:)-(Tensor)``: they void figures
    /// as well, since detectors have learnt those very pictures. Where either answer is not empty it reports how many
    /// rows overlap and exits 65 (EX_DATAERR). Rows are compared as detectors see them (canonical, on their grid), byte
    /// by byte: the same picture sent as uint8 and as float32 is the same row.
    ///
    /// - Parameter rows: the data set that `calibrate` would read; its rows are read in batches.
    public func overlap(with rows: some CleanRows) throws -> [Int] {
        var found: [Int] = []
        for start in stride(from: 0, to: rows.count, by: CalibrationFile.overlapBatch) {
            let batch = try rows.rows(at: Array(start..<min(start + CalibrationFile.overlapBatch, rows.count)))
            found += overlap(with: batch).map { start + $0 }
        }
        return found
    }

    /// The same of canonical rows in memory, [n, row…] float32.
    public func overlap(with rows: Tensor) -> [Int] {
        (0..<rows.rowCount).filter { row in
            usedRows.contains(rows.row(row).withUnsafeBytes { SHA256Digest(of: $0) })
        }
    }
}
