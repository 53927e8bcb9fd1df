internal import Glibc
internal import NIOCore
internal import PicketRuntime

/// The process at the other end, as the kernel noted it when it connected.
struct PeerCredentials {
    let peer: Peer
    /// Its supplementary groups at that time.
    let groups: [UInt32]

    /// - Throws: where the channel is no Unix socket's.
    init(of channel: any Channel) throws {
        let operations = channel.pipeline.syncOperations
        let credentials = try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
            try PeerCredentials(of: descriptor)
        }
        guard let credentials else { throw ChannelError.operationUnsupported }
        self = credentials
    }

    private init(of descriptor: Int32) throws(ListenFault) {
        peer = try PeerCredentials.peer(descriptor)
        groups = PeerCredentials.groups(descriptor)
    }

    private static func peer(_ descriptor: Int32) throws(ListenFault) -> Peer {
        var credentials = Credentials()
        var length = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
            throw .failed(call: "getsockopt SO_PEERCRED", subject: "connection", errno: errno)
        }
        return Peer(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
    }

    /// The kernel's `struct ucred`, which the C library declares to GNU programs alone.
    private struct Credentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// Empty where the kernel does not tell, which admits nobody by a group that cannot be proved.
    private static func groups(_ descriptor: Int32) -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: 64)
        for _ in 0..<2 {
            var length = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
            if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &length) == 0 {
                return Array(groups.prefix(Int(length) / MemoryLayout<UInt32>.stride))
            }
            // Too few places: the kernel has said how many there are.
            guard errno == ERANGE else { return [] }
            groups = [UInt32](repeating: 0, count: Int(length) / MemoryLayout<UInt32>.stride)
        }
        return []
    }
}
