import PicketEvaluation
import Testing

@Suite struct RankingCurveTests {
    // Expected values: sklearn.metrics.roc_auc_score on the same numbers.
    @Test(
        arguments: [
            ([1, 2, 3], [4, 5], 1.0), ([4, 5], [1, 2, 3], 0.0), ([1, 1], [1, 1], 0.5), ([1, 2, 3, 4], [2, 3], 0.5),
            ([0, 0, 1], [0, 1, 2], 0.7222222222222222),
        ] as [([Double], [Double], Double)]
    )
    func areaUnderTheCurve(negatives: [Double], positives: [Double], area: Double) throws {
        let measured = try #require(RankingCurve.area(negatives: negatives, positives: positives))
        #expect(abs(measured - area) < 1e-12)
    }

    @Test func noAreaWithoutBothSides() {
        #expect(RankingCurve.area(negatives: [], positives: [1]) == nil)
        #expect(RankingCurve.area(negatives: [1], positives: []) == nil)
        #expect(RankingCurve.points(negatives: [], positives: [1]).isEmpty)
    }

    @Test func pointsTakeTiesTogether() {
        let points = RankingCurve.points(negatives: [0, 0, 1, 3], positives: [1, 2, .infinity])
        let expected: [(Double, Double)] = [
            (0, 0), (0, 1.0 / 3), (0.25, 1.0 / 3), (0.25, 2.0 / 3), (0.5, 1), (1, 1),
        ]
        #expect(points.map(\.falsePositiveRate) == expected.map(\.0))
        #expect(points.map(\.detectionRate) == expected.map(\.1))
        #expect(RankingCurve.detection(at: 0.3, on: points) == 2.0 / 3)
        // The area under the points, by trapezoids, is the area by ranks.
        let area = zip(points, points.dropFirst()).reduce(0) { sum, pair in
            sum + (pair.1.falsePositiveRate - pair.0.falsePositiveRate)
                * (pair.0.detectionRate + pair.1.detectionRate) / 2
        }
        let byRanks = RankingCurve.area(negatives: [0, 0, 1, 3], positives: [1, 2, .infinity]) ?? 0
        #expect(abs(area - byRanks) < 1e-12)
    }

    // Worked by hand from the placements.
    @Test func intervalOfTheArea() throws {
        let interval = try #require(RankingCurve.interval(negatives: [0, 1, 2.5], positives: [3, 2, 4]))
        let area = 8.0 / 9
        let wins = [1.0, 2.0 / 3, 1]
        let losses = [1.0, 1, 2.0 / 3]
        func variance(_ numbers: [Double]) -> Double {
            let mean = numbers.reduce(0, +) / 3
            return numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
        }
        let width = 1.959963984540054 * ((variance(wins) + variance(losses)) / 3).squareRoot()
        #expect(abs(interval.lower - (area - width)) < 1e-9)
        #expect(interval.upper == 1)
        #expect(RankingCurve.interval(negatives: [0, 1], positives: [2, 3]) == nil, "no overlap tells no spread")
    }
}
