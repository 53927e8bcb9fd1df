import Foundation
import PicketTransforms
import Testing

@Suite struct ClassDistributionTests {
    private func distribution(_ probabilities: [Double]) throws -> ClassDistribution {
        let logarithms = probabilities.map { Float(log($0)) }
        return try ClassDistribution(logProbabilities: logarithms.span)
    }

    @Test func knownValues() throws {
        let p = try distribution([0.5, 0.25, 0.25])
        let q = try distribution([0.25, 0.5, 0.25])
        #expect(p.label == 0)
        #expect(abs(p.margin(of: 0) - log(2)) < 1e-6)
        #expect(abs(p.margin(of: 1) + log(2)) < 1e-6)
        #expect(abs(p.divergence(from: q) - 0.25 * log(2)) < 1e-6)
        // The mean is (3/8, 3/8, 1/4).
        let expected = 0.5 * log(4.0 / 3) + 0.25 * log(2.0 / 3)
        #expect(abs(ClassDistribution.jensenShannon([p, q]) - expected) < 1e-6)
        #expect(ClassDistribution.jensenShannon([p, p, p]) == 0)
    }

    @Test func certaintyStaysFinite() throws {
        let one = try distribution([1, 0, 0])
        let other = try distribution([0, 0, 1])
        #expect(one.margin(of: 0) == 1000)
        #expect(other.margin(of: 0) == -1000)
        #expect(abs(ClassDistribution.jensenShannon([one, other]) - log(2)) < 1e-12)
        #expect(one.divergence(from: other) == 1000)
        #expect(ClassDistribution.mean(of: [one, other]).logarithms.allSatisfy { $0.isFinite })
    }

    @Test func theFirstOfEqualsIsTheLabel() throws {
        #expect(try distribution([0.25, 0.25, 0.25, 0.25]).label == 0)
        #expect(try distribution([1]).margin(of: 0) == 0)
    }

    @Test(arguments: [[Float.nan, 0], [0, .infinity], [0.5, -1], []]) func whatIsNoDistributionIsRefused(
        _ numbers: [Float]
    ) {
        #expect(throws: DistributionFault.self) { try ClassDistribution(logProbabilities: numbers.span) }
    }
}
