import Foundation
import PicketTransforms
import Testing

@Suite struct AgreementTests {
    private func distribution(_ probabilities: [Double], sharpness: Double = 1) throws -> ClassDistribution {
        let logarithms = probabilities.map { Float(log($0)) }
        return try ClassDistribution(logProbabilities: logarithms.span, sharpness: sharpness)
    }

    @Test func statisticsOfKnownAnswers() throws {
        let row = try distribution([0.5, 0.3, 0.2])
        let other = try distribution([0.25, 0.25, 0.5])
        let expected: [AnswerStatistic: Double] = [
            .l1: 0.6, .l2: (0.0625 + 0.0025 + 0.09).squareRoot(), .margin: log(2), .drop: log(0.5 / 0.3) + log(2),
            .runnerUp: log(0.5 / 0.3), .label: 1,
            .kl: 0.5 * log(2) + 0.3 * log(1.2) + 0.2 * log(0.4),
        ]
        for (statistic, value) in expected {
            #expect(abs(statistic.value(row: row, transformed: other) - value) < 1e-6, "\(statistic)")
        }
        let pair = ClassDistribution.jensenShannon([row, other])
        #expect(abs(AnswerStatistic.js.value(row: row, transformed: other) - pair) < 1e-12)
        for statistic in AnswerStatistic.allCases where statistic != .margin {
            #expect(statistic.value(row: row, transformed: row) == 0, "\(statistic)")
        }
    }

    @Test func certaintyAndLonelinessStayFinite() throws {
        let one = try distribution([1, 0, 0])
        let other = try distribution([0, 0, 1])
        let alone = try distribution([1])
        for statistic in AnswerStatistic.allCases {
            #expect(statistic.value(row: one, transformed: other).isFinite, "\(statistic)")
            #expect(statistic.value(row: alone, transformed: alone) == 0, "\(statistic)")
        }
    }

    @Test func temperingIsTheSoftmaxOfScaledLogits() throws {
        let tempered = try distribution([0.5, 0.3, 0.2], sharpness: 0.5)
        let sum = 0.5.squareRoot() + 0.3.squareRoot() + 0.2.squareRoot()
        for (logarithm, p) in zip(tempered.logarithms, [0.5, 0.3, 0.2]) {
            #expect(abs(logarithm - log(p.squareRoot() / sum)) < 1e-6)
        }
    }

    @Test func foldsLookAtTheirPlacesAndAskOnce() throws {
        let offered = ScopedComponents.offered(["one", "two"], at: ["a", "b"])
        #expect(
            offered.map(\.name)
                == ["a:one", "b:one", "mean:one", "max:one", "a:two", "b:two", "mean:two", "max:two"]
        )
        let scored = try ScopedComponents(choosing: ["two", "max:two", "mean:two", "b:one"], from: offered)
        var asked: [[Int]] = []
        var room = [Double](repeating: .nan, count: scored.components.count)
        var span = room.mutableSpan
        scored.write(into: &span) { statistic, place in
            asked.append([statistic, place])
            return Double(10 * statistic - 3 * place)
        }
        #expect(room == [10, 7, 10, 8.5, -3])
        #expect(asked == [[1, 0], [1, 1], [0, 1]])
    }

    @Test func aFamilyHasItsLimit() {
        let offered = ScopedComponents.offered(["s"], at: (0..<257).map { "p-\($0)" })
        #expect(throws: TransformFault("chooses 257 components, expected 1 to 256")) {
            try ScopedComponents(choosing: ["s"], from: offered)
        }
    }
}
