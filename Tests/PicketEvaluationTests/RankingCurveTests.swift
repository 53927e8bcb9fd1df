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
    }
}
