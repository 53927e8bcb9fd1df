internal import NIOCore
internal import Synchronization

/// The connections that are open: how many there may be, and whom to tell when the daemon leaves.
final class Connections: Sendable {
    /// Fired down the pipeline of every connection when the daemon leaves.
    struct Drain {}

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
        /// Connections that are being told why they are not let in.
        var farewells = 0
    }

    /// So many are told why they are not let in at once; the rest of a crowd finds the door shut.
    static let farewellLimit = 32

    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { state.withLock { $0.channels.count } }

    enum Admission {
        case admitted
        case full
        case leaving
    }

    /// Counts the channel in, until it closes.
    func admit(_ channel: any Channel) -> Admission {
        let admission = state.withLock { state -> Admission in
            if state.isDraining { return .leaving }
            if state.channels.count >= limit { return .full }
            state.channels[ObjectIdentifier(channel)] = channel
            return .admitted
        }
        if admission == .admitted {
            channel.closeFuture.whenComplete { _ in self.remove(channel) }
        }
        return admission
    }

    /// Whether the channel, which is not let in, may be told why: descriptors are bounded for those outside too.
    func admitToFarewell(_ channel: any Channel) -> Bool {
        let isAdmitted = state.withLock { state in
            guard state.farewells < Connections.farewellLimit else { return false }
            state.farewells += 1
            return true
        }
        if isAdmitted {
            channel.closeFuture.whenComplete { _ in self.state.withLock { $0.farewells -= 1 } }
        }
        return isAdmitted
    }

    private func remove(_ channel: any Channel) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Lets no more in and asks those inside to finish.
    func drain() {
        let channels = state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Drain()) }
    }

    /// Closes whatever is still open.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Returns when none is open.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.whenEmpty.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
