import PicketEvaluation
import Testing

@Suite struct ChartScaleTests {
    @Test func linearPlaces() {
        let scale = ChartScale(.linear, domain: 0...2, from: 100, to: 0)
        #expect(scale.place(0) == 100 && scale.place(1) == 50 && scale.place(2) == 0)
        #expect(scale.place(-5) == 100 && scale.place(.infinity) == 0 && scale.place(.nan) == 100)
    }

    @Test func logarithmicPlaces() {
        let scale = ChartScale(.logarithmic, domain: 0.001...1, from: 0, to: 30)
        #expect(abs(scale.place(0.01) - 10) < 1e-9 && abs(scale.place(0.1) - 20) < 1e-9)
        #expect(scale.place(0) == 0)
        #expect(scale.ticks.count == 4)
    }

    @Test(
        arguments: [
            (0.0...1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0.0...0.4, [0, 0.1, 0.2, 0.3, 0.4]),
            (0.0...30.0, [0, 10, 20, 30]),
            (5.0...5.0, [5]),
        ] as [(ClosedRange<Double>, [Double])]
    )
    func ticksAreRound(domain: ClosedRange<Double>, expected: [Double]) {
        let ticks = ChartScale(.linear, domain: domain, from: 0, to: 1).ticks
        #expect(ticks.count == expected.count)
        for (tick, wanted) in zip(ticks, expected) { #expect(abs(tick - wanted) < 1e-9) }
    }
}
