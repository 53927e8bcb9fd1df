import PicketInference
import PicketRuntime
import PicketTensor

/// A pass of a model over made rows, again and again, on the calling thread; cut, as the chain's passes are, where a forward
/// pass takes fewer rows.
struct RepeatedPass {
    private let session: Session
    private let form: RowForm
    private let rows: Int
    /// As many as one forward pass takes.
    private let canonical: Tensor

    init(of model: LoadedModel, rows: Int) {
        session = Session(model.compiled)
        form = model.form
        self.rows = rows
        canonical = Self.sample(form.canonicalShape, rows: min(rows, model.largestPass), seed: 1)
    }

    func run() throws {
        for first in stride(from: 0, to: rows, by: canonical.rowCount) {
            _ = try session.run(rows: min(canonical.rowCount, rows - first)) { index, row in
                canonical.row(index).withUnsafeElements(of: Float.self) { form.feed($0, into: row[0]) }
            }
        }
    }

    /// Pictures of blocks that no two seeds share, on the 8-bit grid: `[rows, shape…]`.
    static func sample(_ shape: Shape, rows: Int, seed: Int) -> Tensor {
        let numbers = (0..<rows * shape.elementCount).map { index in
            Float((index / 7 &* 31 &+ seed &* 17) & 255) / 255
        }
        return Tensor(numbers, shape: Shape([rows] + shape.dimensions))
    }
}
