import PicketEvents
import Testing

@Suite struct BurstLimitTests {
    private let peer = Peer(pid: 1, uid: 1, gid: 1)

    private func admitted(_ limit: Limit, _ peer: Peer, times: Int, at now: Duration) -> Int {
        (0..<times).count { _ in limit.admit(peer, at: now) == .admitted }
    }

    @Test func aBurstGetsItsBucketAndNoMore() {
        let limit = Limit(count: 20, per: .seconds(1))
        #expect(admitted(limit, peer, times: 100, at: .zero) == 20)
        #expect(limit.takeDue(at: nil) == [.init(peer: peer, count: 80)])
    }

    @Test(arguments: [(49, 0), (50, 1), (500, 10), (999, 19), (1000, 20), (3_600_000, 20)])
    func tokensComeBackAtTheRate(milliseconds: Int, tokens: Int) {
        let limit = Limit(count: 20, per: .seconds(1))
        #expect(admitted(limit, peer, times: 20, at: .zero) == 20)
        #expect(admitted(limit, peer, times: 100, at: .milliseconds(milliseconds)) == tokens)
    }

    @Test func theRestIsToldOncePerPeerAndWindow() {
        let limit = Limit(count: 1, per: .seconds(1), window: .seconds(10))
        let other = Peer(pid: 2, uid: 1, gid: 1)
        #expect(limit.nextDue == nil)
        _ = admitted(limit, peer, times: 4, at: .zero)
        _ = admitted(limit, other, times: 3, at: .seconds(2))
        #expect(limit.admit(peer, at: .milliseconds(1)) == .suppressed(opensWindow: false))
        #expect(limit.nextDue == .seconds(10))
        #expect(limit.takeDue(at: .milliseconds(9_999)) == [])
        #expect(limit.takeDue(at: .seconds(10)) == [.init(peer: peer, count: 4)])
        #expect(limit.takeDue(at: .seconds(10)) == [])
        #expect(limit.nextDue == .seconds(12))
        #expect(limit.takeDue(at: .seconds(20)) == [.init(peer: other, count: 2)])
        #expect(limit.nextDue == nil)
    }

    @Test func aWindowOpensOnce() {
        let limit = Limit(count: 1, per: .seconds(100), window: .seconds(10))
        #expect(limit.admit(peer, at: .zero) == .admitted)
        #expect(limit.admit(peer, at: .zero) == .suppressed(opensWindow: true))
        #expect(limit.admit(peer, at: .zero) == .suppressed(opensWindow: false))
        _ = limit.takeDue(at: .seconds(10))
        #expect(limit.admit(peer, at: .seconds(11)) == .suppressed(opensWindow: true))
    }

    @Test func peersAreToldApartByProcessAndUser() {
        let limit = Limit(count: 1, per: .seconds(1))
        #expect(limit.admit(Peer(pid: 1, uid: 1, gid: 1), at: .zero) == .admitted)
        #expect(limit.admit(Peer(pid: 2, uid: 1, gid: 1), at: .zero) == .admitted)
        #expect(limit.admit(Peer(pid: 1, uid: 2, gid: 1), at: .zero) == .admitted)
        #expect(limit.admit(Peer(pid: 1, uid: 1, gid: 2), at: .zero) != .admitted)
    }

    @Test func aClockThatStepsBackRefillsNothing() {
        let limit = Limit(count: 1, per: .seconds(1))
        #expect(limit.admit(peer, at: .seconds(5)) == .admitted)
        #expect(limit.admit(peer, at: .seconds(1)) != .admitted)
        #expect(limit.admit(peer, at: .milliseconds(5_999)) != .admitted)
        #expect(limit.admit(peer, at: .milliseconds(6_000)) == .admitted)
    }

    /// Forking does not buy more events than the table has places, plus one bucket.
    @Test func aFullTableSharesOneBucket() {
        let limit = Limit(count: 2, per: .seconds(1), window: .seconds(10), capacity: 8)
        let total = (0..<1000).reduce(0) { sum, pid in
            sum + admitted(limit, Peer(pid: Int32(pid), uid: 1, gid: 1), times: 3, at: .zero)
        }
        #expect(total == 8 * 2 + 2)
        let told = limit.takeDue(at: nil)
        #expect(told.count == 9)
        #expect(told.last?.peer == nil)
        #expect(told.reduce(0) { $0 + $1.count } == 3000 - total)
    }

    /// Who was there first, and is idle, makes room.
    @Test func idlePeersAreForgotten() {
        let limit = Limit(count: 2, per: .seconds(1), capacity: 8)
        for pid in 0..<8 {
            #expect(limit.admit(Peer(pid: Int32(pid), uid: 1, gid: 1), at: .zero) == .admitted)
        }
        for pid in 100..<108 {
            #expect(admitted(limit, Peer(pid: Int32(pid), uid: 1, gid: 1), times: 3, at: .seconds(2)) == 2)
        }
        #expect(limit.takeDue(at: nil).allSatisfy { $0.peer != nil })
    }
}

/// The limit behind a reference: expectations take no mutating calls.
private final class Limit {
    private var limit: BurstLimit

    init(count: Int, per period: Duration, window: Duration = .seconds(10), capacity: Int = 1024) {
        limit = BurstLimit(count: count, per: period, window: window, capacity: capacity)
    }

    var nextDue: Duration? { limit.nextDue }
    func admit(_ peer: Peer, at now: Duration) -> BurstLimit.Admission { limit.admit(peer, at: now) }
    func takeDue(at now: Duration?) -> [BurstLimit.Suppression] { limit.takeDue(at: now) }
}
