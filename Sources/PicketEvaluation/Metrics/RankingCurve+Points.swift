extension RankingCurve {
    /// A point of a ROC curve: what is flagged of either side above some threshold.
    package struct Point: Sendable, Hashable {
        package var falsePositiveRate: Double
        package var detectionRate: Double

        package init(falsePositiveRate: Double, detectionRate: Double) {
            self.falsePositiveRate = falsePositiveRate
            self.detectionRate = detectionRate
        }
    }

    /// The ROC curve from (0, 0) to (1, 1): a point for each distinct number, from the largest down; ties go together.
    ///
    /// - Returns: empty where either side is.
    package static func points(negatives: [Double], positives: [Double]) -> [Point] {
        guard !negatives.isEmpty, !positives.isEmpty else { return [] }
        let sorted = (negatives.map { ($0, false) } + positives.map { ($0, true) }).sorted { $0.0 > $1.0 }
        var points = [Point(falsePositiveRate: 0, detectionRate: 0)]
        var flagged = 0
        var detected = 0
        for (index, entry) in sorted.enumerated() {
            if entry.1 { detected += 1 } else { flagged += 1 }
            guard index + 1 == sorted.count || sorted[index + 1].0 != entry.0 else { continue }
            points.append(
                Point(
                    falsePositiveRate: Double(flagged) / Double(negatives.count),
                    detectionRate: Double(detected) / Double(positives.count)
                )
            )
        }
        return points
    }

    /// The detection at a false-positive rate: of the points that keep the rate, the highest.
    package static func detection(at rate: Double, on points: [Point]) -> Double? {
        points.last { $0.falsePositiveRate <= rate }?.detectionRate
    }
}
