/// The lower triangular L of a symmetric positive definite matrix A = L · Lᵀ (Cholesky–Banachiewicz), in float64.
///
/// Triangles are packed row after row: element (i, j), j ≤ i, lies at i (i + 1) / 2 + j.
public struct CholeskyFactor: Sendable, Hashable {
    /// Rows and columns of the matrix.
    public let order: Int
    /// L, packed.
    public let lower: [Double]

    /// Factors a matrix given by its packed lower triangle; nil where it is not positive definite, or not finite.
    ///
    /// - Precondition: the triangle holds order (order + 1) / 2 numbers.
    public init?(of triangle: [Double], order: Int) {
        precondition(
            triangle.count == CholeskyFactor.packedCount(order),
            "a packed triangle has n (n + 1) / 2 elements"
        )
        var lower = triangle
        for row in 0..<order {
            let start = row * (row + 1) / 2
            for column in 0...row {
                let other = column * (column + 1) / 2
                var sum = lower[start + column]
                for inner in 0..<column { sum -= lower[start + inner] * lower[other + inner] }
                if column < row {
                    lower[start + column] = sum / lower[other + column]
                } else {
                    guard sum > 0, sum.isFinite else { return nil }
                    lower[start + row] = sum.squareRoot()
                }
            }
        }
        self.order = order
        self.lower = lower
    }

    /// Elements of a packed triangle.
    public static func packedCount(_ order: Int) -> Int { order * (order + 1) / 2 }

    /// The diagonal of L; every element is positive. ln det A is twice the sum of its logarithms.
    public var diagonal: [Double] { (0..<order).map { lower[$0 * ($0 + 1) / 2 + $0] } }

    /// L⁻¹, packed: x ↦ L⁻¹ · x makes vectors of covariance A uncorrelated with variance 1, and the squared length of
    /// L⁻¹ · (x − m) is the squared Mahalanobis distance of x from m.
    public func inverseLower() -> [Double] {
        var inverse = [Double](repeating: 0, count: lower.count)
        for column in 0..<order {
            for row in column..<order {
                let start = row * (row + 1) / 2
                var sum = row == column ? 1.0 : 0.0
                for inner in column..<row {
                    sum -= lower[start + inner] * inverse[inner * (inner + 1) / 2 + column]
                }
                inverse[start + column] = sum / lower[start + row]
            }
        }
        return inverse
    }
}
