import Foundation
import PicketTensor

extension DataSet {
    /// Samples from a `.npy` file: a batch, or a single sample where the array has `sampleRank` axes.
    public init(npy path: String, sampleRank: Int) throws(DataSetFault) {
        guard access(path, F_OK) == 0 else {
            throw DataSetFault("\(path): \(String(cString: strerror(errno)))", isMissing: true)
        }
        let tensor: Tensor
        do {
            tensor = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe).withUnsafeBytes {
                try Tensor(npy: $0)
            }
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
        let isOne = tensor.shape.rank == sampleRank
        do {
            try self.init(x: isOne ? tensor.reshaped(to: tensor.shape.withBatchOfOne) : tensor)
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
    }
}

extension Shape {
    fileprivate var withBatchOfOne: Shape { Shape([1] + dimensions) }
}
