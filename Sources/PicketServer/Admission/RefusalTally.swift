package import NIOCore

/// Which of the connections that are turned away are written of: a crowd at the door costs a line a second.
///
/// The first is written of at once; those that follow within the interval are counted, and written of together at its
/// end. A value without I/O: its owner does what the returned ``Action`` says.
package struct RefusalTally<Refused: Sendable>: Sendable {
    package enum Action {
        case none
        /// Write of the latest one, which stands for `count`.
        case write(Refused, count: Int)
        /// Call ``rang(at:)`` then.
        case wait(until: NIODeadline)
    }

    private let interval: TimeAmount
    private var quietUntil: NIODeadline?
    private var held: (latest: Refused, count: Int)?

    package init(interval: TimeAmount) {
        self.interval = interval
    }

    package mutating func refused(_ refused: Refused, at now: NIODeadline) -> Action {
        if let held {
            self.held = (refused, held.count + 1)
            return .none
        }
        if let quietUntil, now < quietUntil {
            held = (refused, 1)
            return .wait(until: quietUntil)
        }
        quietUntil = now + interval
        return .write(refused, count: 1)
    }

    /// The time that was to be waited for has come.
    package mutating func rang(at now: NIODeadline) -> Action {
        guard let held else { return .none }
        self.held = nil
        quietUntil = now + interval
        return .write(held.latest, count: held.count)
    }
}
