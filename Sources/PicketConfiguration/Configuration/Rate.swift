/// So many things per span of time.
public struct Rate: Hashable, Sendable {
    public var count: Int
    public var per: Duration

    public init(count: Int, per: Duration) {
        self.count = count
        self.per = per
    }

    /// Things per second.
    public var perSecond: Double {
        Double(count) / (per / .seconds(1))
    }
}
