internal import Synchronization

/// The memory that requests in flight may take together, asked for before it is taken.
public final class ByteBudget: Sendable {
    public let limit: Int
    private let taken = Mutex(0)

    public init(limit: Int) {
        self.limit = limit
    }

    /// Bytes reserved right now.
    public var reserved: Int { taken.withLock { $0 } }

    /// Takes `count` bytes out of the budget, or none.
    func take(_ count: Int) -> Bool {
        taken.withLock { taken in
            guard count <= limit - taken else { return false }
            taken += count
            return true
        }
    }

    func giveBack(_ count: Int) {
        taken.withLock { taken in
            precondition(taken >= count, "a reservation gives back what it took")
            taken -= count
        }
    }
}

/// What one request has taken out of the budget; given back when nobody holds the request any more, be it the
/// connection or the inference that its sender no longer waits for.
final class ByteReservation: Sendable {
    private let budget: ByteBudget
    private let held = Mutex(0)

    init(_ budget: ByteBudget) {
        self.budget = budget
    }

    func extend(by count: Int) -> Bool {
        guard budget.take(count) else { return false }
        held.withLock { $0 += count }
        return true
    }

    deinit {
        budget.giveBack(held.withLock { $0 })
    }
}
