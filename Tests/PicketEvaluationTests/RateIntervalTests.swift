import PicketEvaluation
import Testing

@Suite struct RateIntervalTests {
    // Expected values: scipy.stats.binomtest(count, whole).proportion_ci(method="exact").
    @Test(
        arguments: [
            (0, 10, 0.0, 0.30849710781876083), (10, 10, 0.6915028921812392, 1.0),
            (1, 10, 0.0025285785444617487, 0.4450161170281954), (50, 1000, 0.03733539760466063, 0.06539048791549365),
            (285, 300, 0.9188726428292358, 0.9717487980315225), (1, 1, 0.025, 1.0),
        ] as [(Int, Int, Double, Double)]
    )
    func isThatOfClopperAndPearson(count: Int, whole: Int, lower: Double, upper: Double) throws {
        let interval = try #require(RateInterval(count: count, of: whole))
        #expect(abs(interval.lower - lower) < 1e-10)
        #expect(abs(interval.upper - upper) < 1e-10)
    }

    @Test func nothingCountedHasNoRate() {
        #expect(RateInterval(count: 0, of: 0) == nil)
        #expect(Proportion(0, of: 0).rate == nil)
    }
}
