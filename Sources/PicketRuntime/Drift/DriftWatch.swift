import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketEvents
import Synchronization

/// Watches the live rows of every guarded model for a drift away from its calibration: a monitor each, fed by reports,
/// beside the requests' path. It begins anew with the daemon.
final class DriftWatch: Sendable {
    private let watched: [String: WatchedModel]

    /// - Parameter key: where the draws come from that spread p-values of equal scores: a stream of its own for each model,
    ///   so that a sender can't foresee them, and an auditor who has the key can repeat them.
    init(_ guarded: [GuardedModel], key: RandomnessKey) {
        var watched: [String: WatchedModel] = [:]
        for target in guarded {
            guard let level = target.policy.driftLevel, let judge = target.verdicts?.judge else { continue }
            watched[target.model.name] = WatchedModel(
                judge.driftMonitor(level: level),
                seed: key.code(of: Array("picket drift 1:\(target.model.name):\(target.chain.digest.hex)".utf8))
            )
        }
        self.watched = watched
    }

    /// Models whose promise is suspended: their live rows are no longer like the calibration's.
    var suspended: [String] { watched.filter { $0.value.isSuspended }.keys.sorted() }

    /// How near each watched model is to an alarm, ``DriftMonitor/evidence``; nil where nobody watches.
    func evidence(of model: String) -> Double? { watched[model]?.evidence }

    /// Takes the rows of a request, and says so where they make a drift certain enough.
    func observe(_ report: Report) -> Event? {
        guard let found = watched[report.model]?.observe(report) else { return nil }
        return Event(found.alarm, model: report.model, level: found.level, senders: found.senders)
    }
}

/// One model's monitor, with what belongs to it.
private final class WatchedModel: Sendable {
    private struct State {
        var monitor: DriftMonitor
        let ties: KeyedGenerator
        var senders = RecentSenders()
    }

    private let state: Mutex<State>

    init(_ monitor: DriftMonitor, seed: SHA256Digest) {
        state = Mutex(State(monitor: monitor, ties: KeyedGenerator(seed: seed)))
    }

    var evidence: Double { state.withLock(\.monitor.evidence) }

    var isSuspended: Bool { state.withLock { $0.monitor.alarm != nil } }

    func observe(_ report: Report) -> (alarm: DriftAlarm, level: Double, senders: RecentSenders)? {
        state.withLock { state in
            if state.monitor.alarm != nil { return nil }
            for (row, judgement) in zip(report.rows, report.decision.judgements) {
                state.senders.add(report.peer)
                let tie = (Double(state.ties.next() >> 11) + 0.5) / 9_007_199_254_740_992
                if let alarm = state.monitor.observe(judgement, digest: row.inputDigest, tie: tie) {
                    return (alarm, state.monitor.level, state.senders)
                }
            }
            return nil
        }
    }
}
