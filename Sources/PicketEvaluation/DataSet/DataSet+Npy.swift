import PicketRuntime
import PicketTensor

extension DataSet {
    /// Samples from a `.npy` file: a batch, or a single sample where the array has `sampleRank` axes.
    public init(npy path: String, sampleRank: Int) throws(DataSetFault) {
        let tensor = try Tensor(npyFile: path)
        let isOne = tensor.shape.rank == sampleRank
        do {
            try self.init(x: isOne ? tensor.reshaped(to: tensor.shape.withBatch(1)) : tensor)
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
    }
}
