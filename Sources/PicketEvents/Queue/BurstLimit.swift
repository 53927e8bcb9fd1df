/// How many events one peer may cause: a bucket of tokens per peer, and a count of what found it empty.
///
/// A pure value; time comes from outside, as the span since any fixed moment. The table of peers is bounded: where it is
/// full of busy peers, those that come later share one bucket, so that forking buys no events.
public struct BurstLimit: Sendable {
    /// What was counted instead of written.
    public struct Suppression: Hashable, Sendable {
        /// Nil: peers beyond the table's size, together.
        public var peer: Peer?
        public var count: Int

        public init(peer: Peer?, count: Int) {
            self.peer = peer
            self.count = count
        }
    }

    public enum Admission: Hashable, Sendable {
        case admitted
        /// Counted; `opensWindow`: as the first since its peer was last told of.
        case suppressed(opensWindow: Bool)
    }

    private struct Key: Hashable {
        var pid: Int32
        var uid: UInt32
    }

    private struct Bucket {
        var tokens: Double
        var refilled: Duration
        var peer: Peer?
        var suppressed = 0
        /// When the suppressed ones are to be told; nil while there are none.
        var due: Duration?
    }

    /// Tokens of a full bucket.
    public let count: Int
    /// Time in which an empty bucket fills.
    public let period: Duration
    /// How long suppressed events are gathered before they are told in one event.
    public let window: Duration
    /// Most peers told apart.
    public let capacity: Int

    private var buckets: [Key: Bucket] = [:]
    private var others: Bucket?
    private var lastSweep: Duration?

    /// - Parameters:
    ///   - count: events per `period`, and the largest burst; at least 1.
    ///   - window: span after the first suppressed event in which further ones are gathered.
    public init(count: Int, per period: Duration, window: Duration = .seconds(10), capacity: Int = 1024) {
        precondition(count > 0 && period > .zero && capacity > 0, "a burst limit lets something through")
        self.count = count
        self.period = period
        self.window = window
        self.capacity = capacity
    }

    /// Whether an event of `peer` may be written.
    public mutating func admit(_ peer: Peer, at now: Duration) -> Admission {
        let key = Key(pid: peer.pid, uid: peer.uid)
        if buckets[key] == nil, buckets.count >= capacity {
            forgetIdle(at: now)
        }
        if buckets[key] == nil, buckets.count >= capacity {
            var bucket = others ?? Bucket(tokens: Double(count), refilled: now)
            let admission = take(from: &bucket, at: now)
            others = bucket
            return admission
        }
        // In place: a copy of the bucket is small, a copy of the table is not.
        return take(from: &buckets[key, default: Bucket(tokens: Double(count), refilled: now, peer: peer)], at: now)
    }

    /// The earliest moment at which ``takeDue(at:)`` has something to tell.
    public var nextDue: Duration? {
        let due = buckets.values.compactMap(\.due).min()
        return [due, others?.due].compactMap { $0 }.min()
    }

    /// What was suppressed and is due at `now`; nil: all of it, due or not. Ordered by pid and uid.
    public mutating func takeDue(at now: Duration?) -> [Suppression] {
        var result: [Suppression] = []
        for (key, bucket) in buckets {
            guard let due = bucket.due, now.map({ due <= $0 }) ?? true else { continue }
            result.append(Suppression(peer: bucket.peer, count: bucket.suppressed))
            buckets[key]?.suppressed = 0
            buckets[key]?.due = nil
        }
        result.sort { ($0.peer?.pid ?? 0, $0.peer?.uid ?? 0) < ($1.peer?.pid ?? 0, $1.peer?.uid ?? 0) }
        if let due = others?.due, now.map({ due <= $0 }) ?? true {
            result.append(Suppression(peer: nil, count: others?.suppressed ?? 0))
            others?.suppressed = 0
            others?.due = nil
        }
        return result
    }

    private func take(from bucket: inout Bucket, at now: Duration) -> Admission {
        refill(&bucket, at: now)
        if bucket.tokens >= 1 {
            bucket.tokens -= 1
            return .admitted
        }
        bucket.suppressed += 1
        let opensWindow = bucket.due == nil
        bucket.due = bucket.due ?? now + window
        return .suppressed(opensWindow: opensWindow)
    }

    /// A clock that steps back refills nothing.
    private func refill(_ bucket: inout Bucket, at now: Duration) {
        guard now > bucket.refilled else { return }
        let gained = (now - bucket.refilled) / period * Double(count)
        bucket.tokens = min(Double(count), bucket.tokens + gained)
        bucket.refilled = now
    }

    /// Forgets peers whose buckets are full again and who have nothing to be told of.
    ///
    /// Looks through the whole table, hence at most ten times while a bucket fills.
    private mutating func forgetIdle(at now: Duration) {
        if let lastSweep, now < lastSweep + period / 10 { return }
        lastSweep = now
        for (key, bucket) in buckets where bucket.due == nil {
            var refilled = bucket
            refill(&refilled, at: now)
            if refilled.tokens >= Double(count) {
                buckets[key] = nil
            }
        }
    }
}
