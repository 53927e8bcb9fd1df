import PicketTransforms

extension FeatureModel {
    /// Learns from clean rows' vectors.
    ///
    /// - Parameters:
    ///   - vectors: one a row, all of one dimension.
    ///   - labels: one a row, or none at all where there are no classes.
    /// - Precondition: there is a row.
    init(vectors: [[Float]], labels: [Int]) {
        precondition(!vectors.isEmpty, "a fit needs a row")
        let scale = FeatureScale(vectors)
        let scaled = vectors.map(scale.scaled)
        let dimension = scale.centre.count
        let groups = labels.isEmpty ? [:] : Dictionary(grouping: labels.indices) { labels[$0] }
        let classes = groups.keys.sorted()
        let means = classes.map { label in
            FeatureModel.mean(of: groups[label, default: []].map { scaled[$0] })
        }
        var residuals = scaled
        for (label, mean) in zip(classes, means) {
            for row in groups[label, default: []] {
                for index in 0..<dimension { residuals[row][index] -= mean[index] }
            }
        }
        let inverse = TiedCovariance(residuals).factor.inverseLower()
        self.dimension = dimension
        self.centre = scale.centre.map { Float($0) }
        self.inverseDeviation = scale.inverseDeviation.map { Float($0) }
        self.whitening = inverse.map { Float($0) }
        self.classes = classes
        self.means = means.flatMap { mean in
            (0..<dimension).map { row in
                let start = row * (row + 1) / 2
                return Float((0...row).reduce(0.0) { $0 + inverse[start + $1] * mean[$1] })
            }
        }
        let kept = FeatureModel.thinned(scaled.count)
        self.neighbours = kept.flatMap { scaled[$0].map { Float($0) } }
        self.labels = labels.isEmpty ? kept.map { _ in 0 } : kept.map { labels[$0] }
    }

    /// The mean of a class's rows and one more at the mean of all (which is 0 here): a class of one row does not become a
    /// point without spread.
    private static func mean(of rows: [[Double]]) -> [Double] {
        var sums = [Double](repeating: 0, count: rows.first?.count ?? 0)
        for row in rows {
            for index in sums.indices { sums[index] += row[index] }
        }
        return sums.map { $0 / Double(rows.count + 1) }
    }

    /// The rows that are kept to compare with: all of them, or so many at even distances.
    private static func thinned(_ count: Int) -> [Int] {
        let kept = min(count, neighbourLimit)
        return (0..<kept).map { $0 * count / kept }
    }
}

/// Where each number of a vector lies on clean rows, and how far it spreads.
struct FeatureScale {
    let centre: [Double]
    /// One over the standard deviation of the population, which counts as a thousandth of all numbers' root mean square
    /// deviation at least: a number that hardly moves on clean rows does not outshout everything once it does.
    let inverseDeviation: [Double]

    init(_ vectors: [[Float]]) {
        let dimension = vectors[0].count
        let count = Double(vectors.count)
        var centre = [Double](repeating: 0, count: dimension)
        for vector in vectors {
            for index in 0..<dimension { centre[index] += Double(vector[index]) }
        }
        for index in 0..<dimension { centre[index] /= count }
        var variance = [Double](repeating: 0, count: dimension)
        for vector in vectors {
            for index in 0..<dimension {
                let difference = Double(vector[index]) - centre[index]
                variance[index] += difference * difference
            }
        }
        for index in 0..<dimension { variance[index] /= count }
        let typical = (variance.reduce(0, +) / Double(dimension)).squareRoot()
        self.centre = centre
        inverseDeviation = variance.map { typical > 0 ? 1 / max($0.squareRoot(), typical / 1000) : 1 }
    }

    func scaled(_ vector: [Float]) -> [Double] {
        vector.indices.map { (Double(vector[$0]) - centre[$0]) * inverseDeviation[$0] }
    }
}
