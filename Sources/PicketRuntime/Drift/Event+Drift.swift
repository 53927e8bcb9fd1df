import PicketDetection
import PicketEvents

extension Event {
    /// What is told of a drift: which detector's component moved, how far, after how many rows, and who sent the last ones.
    init(_ alarm: DriftAlarm, model: String, level: Double, senders: RecentSenders) {
        self.init(.driftSuspected)
        self.model = model
        detector = alarm.detector
        count = alarm.rows
        reason =
            "live inputs are no longer like the calibration's: component \(alarm.component) of \(alarm.detector) moved by "
            + "\(Event.short(alarm.shift)) standard deviations; the promise is suspended until a restart"
        details = [
            "component": alarm.component,
            "shift": Event.short(alarm.shift),
            "shift_rows": "\(alarm.recentRows)",
            "direction": alarm.isMoreSuspicious ? "more suspicious" : "less suspicious, or more spread",
            "martingale": Event.short(alarm.capital),
            "martingale_limit": Event.short(alarm.limit),
            "watched": alarm.watched.map { "detector \($0)" } ?? "chain",
            "level": "\(level)",
            "senders": "\(senders.distinct)",
        ]
        if let busiest = senders.busiest {
            details["busiest_sender"] =
                "pid \(busiest.peer.pid) uid \(busiest.peer.uid): \(busiest.rows) of the last \(senders.count) rows"
        }
    }

    private static func short(_ number: Double) -> String {
        let scaled = (number * 100).rounded() / 100
        return scaled.magnitude < 1e15 ? "\(scaled)" : "\(number)"
    }
}
