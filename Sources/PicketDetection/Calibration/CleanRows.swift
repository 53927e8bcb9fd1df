public import PicketTensor

/// Clean data for calibration.
public protocol CleanRows: Sendable {
    var count: Int { get }

    /// Which rows belong together, by row; nil where each stands alone.
    var groups: [Int64]? { get }

    /// The canonical rows at these indices, [n, row…] float32.
    func rows(at indices: [Int]) throws -> Tensor

    /// A row's true class; nil where the data has none.
    func label(at index: Int) -> Int64?
}
