/// Who sent the last rows: one sender's burst reads otherwise than many senders' drift.
struct RecentSenders: Sendable {
    private static let capacity = 256

    private var peers: [Peer] = []
    private var oldest = 0

    mutating func add(_ peer: Peer) {
        if peers.count < RecentSenders.capacity {
            peers.append(peer)
        } else {
            peers[oldest] = peer
            oldest = (oldest + 1) % RecentSenders.capacity
        }
    }

    var count: Int { peers.count }

    /// Different senders among them.
    var distinct: Int { Set(peers).count }

    /// The one who sent most of them, and how many.
    var busiest: (peer: Peer, rows: Int)? {
        Dictionary(grouping: peers, by: { $0 }).map { (peer: $0.key, rows: $0.value.count) }
            .max { ($0.rows, $1.peer.pid) < ($1.rows, $0.peer.pid) }
    }
}
