/// A socket that requests arrive on.
public struct Listener: Hashable, Sendable {
    public enum Endpoint: Hashable, Sendable {
        /// A Unix socket of the daemon's own making. Permissions default to 0660.
        case unix(ConfiguredPath, permissions: UInt32)
        /// A socket inherited from systemd, by its `FileDescriptorName=`.
        case systemd(name: String)
    }

    public var endpoint: Endpoint
    public var allow: PeerAllowance
    public var location: SourceLocation

    public init(endpoint: Endpoint, allow: PeerAllowance, location: SourceLocation) {
        self.endpoint = endpoint
        self.allow = allow
        self.location = location
    }
}

/// Who may send requests, told by the kernel (`SO_PEERCRED`). Both lists empty: whoever can open the socket.
public struct PeerAllowance: Hashable, Sendable {
    public enum Account: Hashable, Sendable {
        /// To be looked up in the user or group database.
        case name(String, SourceLocation)
        case id(UInt32, SourceLocation)
    }

    public var users: [Account] = []
    public var groups: [Account] = []

    public init() {}

    public var isEmpty: Bool { users.isEmpty && groups.isEmpty }
}

extension Listener {
    /// Longest path that fits `sockaddr_un.sun_path` with its terminator, in bytes.
    static let longestSocketPath = 107

    init?(_ field: Field, directory: String) {
        guard let section = Section(field, keys: ["unix", "systemd", "mode", "allow"]) else { return nil }
        let permissions = section["mode"].map { $0.permissions() } ?? 0o660
        let allow = section["allow"].map(PeerAllowance.init) ?? PeerAllowance()
        var endpoint: Endpoint?
        switch (section["unix"], section["systemd"]) {
        case (let unix?, nil):
            let path = unix.path(relativeTo: directory, limit: Self.longestSocketPath)
            if let path, let permissions {
                endpoint = .unix(path, permissions: permissions)
            }
        case (nil, let systemd?):
            endpoint = systemd.name().map(Endpoint.systemd)
            if let mode = section["mode"] {
                mode.refuse("no mode beside systemd: the socket unit sets it (SocketMode=)")
            }
        default:
            field.refuse("either unix: PATH or systemd: NAME")
        }
        guard let endpoint, let allow else { return nil }
        self.init(endpoint: endpoint, allow: allow, location: field.location)
    }
}

extension PeerAllowance {
    init?(_ field: Field) {
        guard let section = Section(field, keys: ["users", "groups"]) else { return nil }
        let users = section["users"].map { Self.accounts($0, of: "users") } ?? []
        let groups = section["groups"].map { Self.accounts($0, of: "groups") } ?? []
        guard let users, let groups else { return nil }
        self.users = users
        self.groups = groups
    }

    private static func accounts(_ field: Field, of kind: String) -> [Account]? {
        guard let fields = field.elements("a list of \(kind), by name or number") else { return nil }
        let accounts = fields.compactMap { account($0) }
        return accounts.count == fields.count ? accounts : nil
    }

    private static func account(_ field: Field) -> Account? {
        guard let name = field.name() else { return nil }
        guard name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return .name(name, field.location)
        }
        // The largest id means "no id" to the kernel.
        guard let id = UInt32(name), id != .max else {
            field.refuse("an id from 0 to \(UInt32.max - 1)")
            return nil
        }
        return .id(id, field.location)
    }
}
