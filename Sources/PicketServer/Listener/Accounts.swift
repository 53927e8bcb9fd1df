internal import Glibc

/// The ids of names in the user and group databases; nil for those that are not in them.
enum Accounts {
    static func user(named name: String) -> UInt32? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        withGrowingBuffer { getpwnam_r(name, &entry, $0, $1, &found) }
        return found == nil ? nil : entry.pw_uid
    }

    static func group(named name: String) -> UInt32? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        withGrowingBuffer { getgrnam_r(name, &entry, $0, $1, &found) }
        return found == nil ? nil : entry.gr_gid
    }

    /// Calls again with more room as long as the entry does not fit, up to more than any entry takes.
    private static func withGrowingBuffer(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) {
        var size = 4096
        while size <= 1 << 20 {
            // Sound: the call writes into the buffer and into an entry whose numbers alone are read afterwards.
            let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                buffer.baseAddress.map { call($0, buffer.count) } ?? ENOMEM
            }
            guard code == ERANGE else { return }
            size *= 4
        }
    }
}
