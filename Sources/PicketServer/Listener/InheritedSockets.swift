internal import CSystemd
internal import Glibc

/// The sockets that systemd handed over at start, by their `FileDescriptorName=`.
struct InheritedSockets: Sendable {
    private let sockets: [(name: String, descriptor: Int32)]

    /// Takes them over. Only the first call in a process finds any: it clears the variables that tell of them, so that
    /// no child believes that they are its own.
    init() throws(ListenFault) {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw .failed(call: "sd_listen_fds", subject: "systemd", errno: -count) }
        var sockets: [(String, Int32)] = []
        // Sound: systemd allocates the array and each of its `count` strings for the caller to free.
        for index in 0..<Int(count) {
            guard let name = names?[index] else { continue }
            sockets.append((String(cString: name), SD_LISTEN_FDS_START + Int32(index)))
            free(name)
        }
        free(names)
        self.sockets = sockets
    }

    /// The listening stream socket of that name.
    func descriptor(named name: String) throws(ListenFault) -> Int32 {
        for socket in sockets where socket.name == name {
            if sd_is_socket(socket.descriptor, AF_UNIX, UnixStreamSocket.type, 1) > 0 { return socket.descriptor }
        }
        throw .notInherited(name: name, found: sockets.map(\.name))
    }
}
