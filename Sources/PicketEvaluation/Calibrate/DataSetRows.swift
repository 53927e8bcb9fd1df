import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// A data set's samples as detectors see rows.
struct DataSetRows: CleanRows {
    let dataSet: DataSet
    let form: RowForm
    /// The file or folder, for faults.
    let path: String

    /// - Throws: ``DataSetFault`` where the samples are not of the model's shape.
    init(_ dataSet: DataSet, form: RowForm, path: String) throws(DataSetFault) {
        guard dataSet.x.shape.row == form.servedShape else {
            throw DataSetFault(
                "\(path): samples of \(dataSet.x.shape.row), expected \(form.servedShape) as the model takes them"
            )
        }
        guard dataSet.x.elementType == .float32 || form.isImage else {
            throw DataSetFault("\(path): uint8 samples, expected float32 for a model of kind: tensor")
        }
        self.dataSet = dataSet
        self.form = form
        self.path = path
    }

    var count: Int { dataSet.count }

    var groups: [Int64]? { dataSet.group }

    /// Of the samples and their classes: sets that differ in it are different sets.
    var digest: SHA256Digest {
        let hasher = SHA256Hasher()
        hasher.update(field: "\(dataSet.x.elementType) \(dataSet.x.shape)")
        dataSet.x.withUnsafeBytes { hasher.update($0) }
        dataSet.y?.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }

    func label(at index: Int) -> Int64? { dataSet.y?[index] }

    func rows(at indices: [Int]) throws -> Tensor {
        try canonical(Tensor.concatenatingRows(indices.map { dataSet.x.rows($0..<$0 + 1) }), first: indices.first ?? 0)
    }

    /// Some consecutive rows.
    func rows(_ range: Range<Int>) throws -> Tensor {
        try canonical(dataSet.x.rows(range), first: range.lowerBound)
    }

    /// The clean samples behind some consecutive attacked ones.
    func cleanRows(_ range: Range<Int>) throws -> Tensor? {
        try dataSet.x0.map { try canonical($0.rows(range), first: range.lowerBound) }
    }

    private func canonical(_ served: Tensor, first: Int) throws -> Tensor {
        do {
            return try form.canonicalRows(served)
        } catch {
            let sample = first + error.index / max(form.servedShape.elementCount, 1)
            throw DataSetFault("\(path): sample \(sample): \(error.value), expected \(error.expected)")
        }
    }
}
