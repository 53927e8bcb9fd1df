import Foundation
import PicketEvaluation
import PicketTensor

extension Tensor {
    /// The tensor in a `.npy` file.
    init(npyFile path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw DataSetFault(
                "\(path): can't be read: \(error.localizedDescription)",
                isMissing: access(path, F_OK) != 0
            )
        }
        do {
            self = try data.withUnsafeBytes { try Tensor(npy: $0) }
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
    }
}
