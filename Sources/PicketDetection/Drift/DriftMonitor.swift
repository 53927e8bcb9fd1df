internal import Foundation

/// Watches whether live rows are still exchangeable with the clean rows of the calibration, which is what its promise
/// rests on: a conformal test martingale over the chain's scores, and one over each detector's.
///
/// As long as they are, it ever alarms with a probability of ``level`` at most, however long it runs: half of the level is
/// the chain's, the rest is shared by the detectors. Rows are taken in the order in which they come. One that equals one of
/// the last 256 is not counted again: a probe that asks the same every second, and a sender who tries again, are no drift.
///
/// What it can't tell is why: a flood of attacks that the chain sees is a change of the rows as well, and alarms after some
/// thirty to sixty of them on end. That is news too, and there are `flagged` events of the same sender beside it.
public struct DriftMonitor: Sendable {
    /// Rows kept to say what moved.
    static let recentCount = 256

    /// How likely an alarm ever is without a drift, at most.
    public let level: Double
    /// Rows counted so far.
    public private(set) var rows = 0
    /// The alarm, once there is one: nothing is counted any more.
    public private(set) var alarm: DriftAlarm?

    private let joint: Joint
    private var chain: Stream
    private var detectors: [Stream]
    private var recent = RecentRows(capacity: recentCount)

    private struct Stream: Sendable {
        var bag: ScoreBag
        var wagers = Wagers()
        /// The capital that counts as an alarm.
        var limit: Double

        mutating func observe(_ score: Double, tie: Double) {
            wagers.settle(bag.pValue(adding: score, tie: tie))
        }
    }

    init(joint: Joint, chain: CleanScores, detectors: [CleanScores], level: Double) {
        self.level = level
        self.joint = joint
        self.chain = Stream(bag: ScoreBag(chain), limit: 2 / level)
        self.detectors = detectors.map {
            Stream(bag: ScoreBag($0), limit: 2 * Double(detectors.count) / level)
        }
    }

    /// A monitor of rows that a calibration in the making would judge.
    package init(_ core: CalibrationCore, level: Double) {
        self.init(joint: core.joint, chain: core.chainScores, detectors: core.detectorScores, level: level)
    }

    /// The chain's capital against exchangeability, from 1 at the start.
    public var capital: Double { chain.wagers.capital }

    /// How much of the way to an alarm the capital that is nearest to it has come, on a logarithmic scale: 0 where there is
    /// no evidence of a drift, 1 with the alarm.
    public var evidence: Double {
        if alarm != nil { return 1 }
        return ([chain] + detectors).reduce(0) { max($0, log($1.wagers.capital) / log($1.limit)) }
    }

    /// Takes the next row.
    ///
    /// - Parameters:
    ///   - digest: of the row; equal rows have equal ones.
    ///   - tie: uniform between 0 and 1 and drawn for this row: how p-values of equal scores are spread.
    /// - Returns: the alarm, at the row where it comes up and never again.
    public mutating func observe(_ judgement: Judgement, digest: String, tie: Double) -> DriftAlarm? {
        guard alarm == nil, let score = judgement.score, judgement.detectors.count == detectors.count,
            recent.add(judgement.detectors, digest: digest)
        else { return nil }
        rows += 1
        chain.observe(score, tie: tie)
        for index in detectors.indices { detectors[index].observe(judgement.detectors[index].score, tie: tie) }
        if chain.wagers.capital >= chain.limit {
            alarm = found(by: nil, chain)
        } else if let index = detectors.firstIndex(where: { $0.wagers.capital >= $0.limit }) {
            alarm = found(by: joint.families[index].detector, detectors[index])
        }
        return alarm
    }

    private func found(by detector: String?, _ stream: Stream) -> DriftAlarm {
        let moved = recent.moved(by: joint)
        return DriftAlarm(
            watched: detector,
            capital: stream.wagers.capital,
            limit: stream.limit,
            rows: rows,
            isMoreSuspicious: stream.wagers.isUpward,
            detector: moved.detector,
            component: moved.component,
            shift: moved.shift,
            recentRows: recent.count
        )
    }
}

/// What a drift monitor found.
public struct DriftAlarm: Sendable, Hashable {
    /// The detector whose scores gave the alarm; nil: the chain's did.
    public var watched: String?
    /// The capital against exchangeability, and what it had to reach.
    public var capital: Double
    public var limit: Double
    /// Live rows until then.
    public var rows: Int
    /// Whether rows became more suspicious; else less, or more spread.
    public var isMoreSuspicious: Bool
    /// The component that moved most among the last rows, and its detector.
    public var detector: String
    public var component: String
    /// The mean of that component's normal scores among the last rows: 0 on clean rows, in their standard deviations.
    public var shift: Double
    /// How many rows that mean is of.
    public var recentRows: Int
}

extension Judge {
    /// A monitor of what this judge is shown.
    public func driftMonitor(level: Double) -> DriftMonitor {
        DriftMonitor(
            joint: joint,
            chain: CleanScores(strata.flatMap(\.chain.ascending)),
            detectors: joint.families.indices.map { index in
                CleanScores(strata.flatMap { $0.detectors[index].ascending })
            },
            level: level
        )
    }
}
