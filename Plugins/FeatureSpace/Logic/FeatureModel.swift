import PicketTransforms

/// What a layer's vectors look like on clean rows: a scale for each number, class means under one covariance, and clean
/// rows to compare with.
struct FeatureModel: Sendable {
    /// Numbers of a vector.
    let dimension: Int
    /// A vector x is seen as s = (x − centre) · inverseDeviation, number by number.
    let centre: [Float]
    let inverseDeviation: [Float]
    /// L⁻¹ of the tied covariance of s, one row after the other up to the diagonal: z = L⁻¹ s.
    let whitening: [Float]
    /// Classes seen in the fit, ascending, and the mean z of each, drawn towards 0 as by one more row
    /// there. A class that was not seen has mean 0, that of all rows.
    let classes: [Int]
    let means: [Float]
    /// Clean rows as s, and their labels.
    let neighbours: [Float]
    let labels: [Int]

    /// Most clean rows that are kept to compare with; more are thinned out evenly.
    static let neighbourLimit = 1024
}

/// A ``FeatureModel`` laid out for scoring.
struct FeatureScorer: Sendable {
    private let model: FeatureModel
    private let whitening: LaneMatrix
    private let means: LaneMatrix
    private let neighbours: LaneMatrix
    private let places: [Int: Int]
    private let classCount: Int

    init(_ model: FeatureModel, classCount: Int) {
        self.model = model
        self.classCount = classCount
        let dimension = model.dimension
        var square = [Float](repeating: 0, count: dimension * dimension)
        for row in 0..<dimension {
            for column in 0...row { square[row * dimension + column] = model.whitening[row * (row + 1) / 2 + column] }
        }
        whitening = LaneMatrix(square, rows: dimension, columns: dimension)
        // One row more than classes: zero, the mean of all.
        means = LaneMatrix(
            model.means + [Float](repeating: 0, count: dimension),
            rows: model.classes.count + 1,
            columns: dimension
        )
        neighbours = LaneMatrix(model.neighbours, rows: model.labels.count, columns: dimension)
        places = Dictionary(uniqueKeysWithValues: model.classes.enumerated().map { ($1, $0) })
    }

    /// The measures of a vector, in the order of ``Measure/allCases``; those that were not asked for are no numbers.
    ///
    /// - Parameters:
    ///   - served: the served class; nil where there are no classes.
    ///   - count: how many neighbours are looked at.
    /// - Precondition: the vector has the model's dimension.
    func measure(_ vector: Span<Float>, served: Int?, count: Int, _ asked: Set<Measure>) -> [Double] {
        precondition(vector.count == model.dimension, "a vector has the model's dimension")
        var scaled: [Float] = []
        scaled.reserveCapacity(model.dimension)
        for index in 0..<model.dimension {
            scaled.append((vector[index] - model.centre[index]) * model.inverseDeviation[index])
        }
        let distances = asked.contains { !$0.looksAtNeighbours } ? classDistances(scaled, served: served) : nil
        let looksAtNeighbours = asked.contains(where: \.looksAtNeighbours)
        let nearest = looksAtNeighbours ? Nearest(count, of: neighbours.squaredDistances(from: scaled)) : nil
        return Measure.allCases.map { measure in
            guard asked.contains(measure) else { return .nan }
            return switch measure {
            case .mahalanobis: Double(distances?.own ?? .nan)
            case .mahalanobisMin: distances.map { Double(min($0.own, $0.rival)) } ?? .nan
            case .mahalanobisMargin: distances.map { Double($0.own - $0.rival) } ?? .nan
            case .knn: Double(nearest?.farthest ?? .nan).squareRoot()
            case .dknn: nearest?.share { model.labels[$0] != served } ?? .nan
            }
        }
    }

    /// The squared Mahalanobis distance from the served class's mean, and the least from another class's; where there is no
    /// other class, the same.
    private func classDistances(_ scaled: [Float], served: Int?) -> (own: Float, rival: Float) {
        let distances = means.squaredDistances(from: whitening.triangleProducts(with: scaled))
        // The last is that from the mean of all, where classes lie that the fit did not see; one of them may be the served one.
        let all = model.classes.count
        let ownPlace = served.flatMap { places[$0] } ?? all
        let own = distances[ownPlace]
        let hasUnseenRival = classCount - all > (ownPlace == all ? 1 : 0)
        var rival: Float?
        for place in 0..<(hasUnseenRival ? all + 1 : all) where place != ownPlace || place == all {
            rival = min(rival ?? distances[place], distances[place])
        }
        return (own, rival ?? own)
    }
}
