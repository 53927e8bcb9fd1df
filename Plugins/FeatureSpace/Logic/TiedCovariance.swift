import PicketTransforms

/// The covariance of residuals about their class means, shrunk towards a multiple of the identity by what Ledoit and Wolf
/// (2004) estimate to be best for so many rows: few rows do not make it singular.
struct TiedCovariance {
    let factor: CholeskyFactor
    /// Weight of the identity, 0...1.
    let shrinkage: Double

    /// - Precondition: there is a residual; their mean counts as 0.
    init(_ residuals: [[Double]]) {
        precondition(!residuals.isEmpty, "a covariance needs a row")
        let dimension = residuals[0].count
        let rows = Double(residuals.count)
        var covariance = [Double](repeating: 0, count: CholeskyFactor.packedCount(dimension))
        var fourth = 0.0
        for residual in residuals {
            var length = 0.0
            for row in 0..<dimension {
                let start = row * (row + 1) / 2
                let factor = residual[row]
                length += factor * factor
                for column in 0...row { covariance[start + column] += factor * residual[column] }
            }
            fourth += length * length
        }
        var squares = 0.0
        var trace = 0.0
        for row in 0..<dimension {
            let start = row * (row + 1) / 2
            for column in 0...row {
                covariance[start + column] /= rows
                let square = covariance[start + column] * covariance[start + column]
                squares += column == row ? square : 2 * square
            }
            trace += covariance[start + row]
        }
        let mean = trace / Double(dimension)
        let distance = (squares - mean * mean * Double(dimension)) / Double(dimension)
        let error = min((fourth / rows - squares) / (Double(dimension) * rows), distance)
        shrinkage = error > 0 && distance > 0 ? error / distance : 0
        factor = TiedCovariance.factor(covariance, dimension: dimension, mean: mean, shrinkage: shrinkage)
    }

    /// Rounding and rows without any spread are met with a ridge of a millionth of the mean variance.
    private static func factor(
        _ covariance: [Double],
        dimension: Int,
        mean: Double,
        shrinkage: Double
    ) -> CholeskyFactor {
        var shrunk = covariance.map { $0 * (1 - shrinkage) }
        for row in 0..<dimension {
            shrunk[row * (row + 1) / 2 + row] += shrinkage * mean + 1e-6 * mean
        }
        if let factor = CholeskyFactor(of: shrunk, order: dimension) { return factor }
        var identity = [Double](repeating: 0, count: covariance.count)
        for row in 0..<dimension { identity[row * (row + 1) / 2 + row] = mean > 0 && mean.isFinite ? mean : 1 }
        guard let factor = CholeskyFactor(of: identity, order: dimension) else {
            preconditionFailure("a multiple of the identity is positive definite")
        }
        return factor
    }
}
