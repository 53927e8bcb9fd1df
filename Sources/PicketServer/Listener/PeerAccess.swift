internal import PicketRuntime

/// Who may send requests over a listener: everybody who can open the socket, or those in a list.
public struct PeerAccess: Sendable, Hashable {
    public var users: Set<UInt32>
    public var groups: Set<UInt32>

    /// Both empty: everybody who can open the socket.
    public init(users: Set<UInt32> = [], groups: Set<UInt32> = []) {
        self.users = users
        self.groups = groups
    }

    /// Whether the peer is in a list, or there is none.
    ///
    /// - Parameter groups: the peer's supplementary groups.
    func admits(_ peer: Peer, groups: some Sequence<UInt32>) -> Bool {
        if users.isEmpty && self.groups.isEmpty { return true }
        return users.contains(peer.uid) || self.groups.contains(peer.gid)
            || groups.contains { self.groups.contains($0) }
    }
}
