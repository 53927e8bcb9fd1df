import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// What each detector of a chain costs: by its plan, and by the clock.
struct CostMeter {
    /// Requests that are timed of each chain.
    private static let repetitions = 25

    private let specification: ChainSpecification
    private let target: GuardedModel
    private let runner: any ModelRunner
    private let log: DetectorLog

    init(_ specification: ChainSpecification, target: GuardedModel, runner: any ModelRunner, log: @escaping DetectorLog)
    {
        self.specification = specification
        self.target = target
        self.runner = runner
        self.log = log
    }

    /// Measures requests of one row.
    ///
    /// - Parameter row: a canonical row, `[1, …]`.
    func measure(
        _ evaluation: inout Evaluation,
        states: [String: [UInt8]],
        row: Tensor,
        key: RandomnessKey
    ) async throws {
        let plain = try chain { _ in false }
        let alone = try specification.detectors.map { detector in try chain(states) { $0 == detector.name } }
        let times = try await milliseconds(of: [plain, target.chain] + alone, row: row, key: key)
        for (index, detector) in specification.detectors.enumerated() {
            let without = try chain(states) { $0 != detector.name }
            evaluation.report.detectors[index].cost = EvaluationReport.Detector.Cost(
                passes: alone[index].passesPerRequest,
                rows: alone[index].rowsPerRow,
                passesSaved: target.chain.passesPerRequest - without.passesPerRequest,
                rowsSaved: target.chain.rowsPerRow - without.rowsPerRow,
                milliseconds: max(times[index + 2] - times[0], 0)
            )
        }
        evaluation.chainMilliseconds = max(times[1] - times[0], 0)
    }

    /// A chain of some of the detectors.
    private func chain(
        _ states: [String: [UInt8]] = [:],
        where isKept: (String) -> Bool
    ) throws -> PicketDetection.Chain {
        var part = specification
        part.detectors = specification.detectors.filter { isKept($0.name) }
        return try PicketDetection.Chain(
            part,
            states: states.filter { isKept($0.key) },
            runner: runner,
            log: log
        )
    }

    /// The middle time of each chain. They take turns, so that all see the same machine.
    private func milliseconds(
        of chains: [PicketDetection.Chain],
        row: Tensor,
        key: RandomnessKey
    ) async throws -> [Double] {
        let clock = ContinuousClock()
        var times = [[Duration]](repeating: [], count: chains.count)
        for _ in 0..<Self.repetitions {
            for (index, chain) in chains.enumerated() {
                let begin = clock.now
                _ = try await chain.evaluate(row, servedOutputs: [], key: key)
                times[index].append(begin.duration(to: clock.now))
            }
        }
        return times.map { $0.sorted()[$0.count / 2] / .milliseconds(1) }
    }
}
