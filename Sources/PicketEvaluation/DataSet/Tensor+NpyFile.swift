import Foundation
public import PicketTensor

extension Tensor {
    /// The tensor in a `.npy` file.
    ///
    /// - Throws: ``DataSetFault`` where the file is missing, can't be read, or is no NumPy array.
    public init(npyFile path: String) throws(DataSetFault) {
        guard access(path, F_OK) == 0 else {
            throw DataSetFault("\(path): \(String(cString: strerror(errno)))", isMissing: true)
        }
        do {
            self = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe).withUnsafeBytes {
                try Tensor(npy: $0)
            }
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
    }
}
