import PicketDetection
import Testing

@Suite("Weights of detectors")
struct WeightTests {
    static let clean: [[[Double]]] = (0..<200).map { [[Double($0)], [Double(199 - $0)]] }

    static func core(_ method: JointMethod, weights: [Double]?) -> CalibrationCore {
        CalibrationCore(
            method: method,
            detectors: [("one", ["a"]), ("two", ["b"])],
            weights: weights,
            ranks: clean,
            pValues: clean
        )
    }

    /// A weight multiplies its detector's term: where the other's is nil or smaller, the score grows as the weight does.
    @Test(arguments: JointMethod.allCases)
    func aWeightMultipliesItsTerm(method: JointMethod) {
        let row: [[Double]] = [[190], [-1000]]
        let plain = WeightTests.core(method, weights: nil).score(of: row)
        let even = WeightTests.core(method, weights: [1, 1]).score(of: row)
        let heavy = WeightTests.core(method, weights: [3, 1]).score(of: row)
        #expect(plain == even)
        #expect(plain > 0)
        #expect(abs(heavy - 3 * plain) <= 0.02 * plain)
    }

    /// A detector's own score is what it is, whatever it weighs.
    @Test func detectorScoresAreWeightless() {
        let row: [[Double]] = [[150], [20]]
        #expect(
            WeightTests.core(.twoLevel, weights: [0.1, 7]).detectorScores(of: row)
                == WeightTests.core(.twoLevel, weights: nil).detectorScores(of: row)
        )
    }
}
