public import PicketConfiguration

extension ServerSettings {
    /// The settings that a configuration asks for.
    ///
    /// - Throws: a fault for each user and group that the machine does not know.
    public init(_ configuration: Configuration) throws(ConfigurationFaults) {
        var faults: [ConfigurationFault] = []
        let listeners = configuration.listen.map { listener in
            let endpoint: Listener.Endpoint =
                switch listener.endpoint {
                case .unix(let path, let permissions): .unix(path: path.resolved, mode: permissions)
                case .systemd(let name): .systemd(name: name)
                }
            var unknown: [(SourceLocation, value: String, expected: String)] = []
            let access = PeerAccess(listener.allow, unknown: &unknown)
            faults += unknown.map { configuration.fault(at: $0, value: $1, expected: $2) }
            return Listener(endpoint, access: access)
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults) }
        self.init(
            listeners: listeners,
            requestBytes: configuration.limits.requestBytes,
            deadline: configuration.limits.deadline
        )
    }
}

extension PeerAccess {
    /// The accounts as ids; those that the machine does not know are noted with their place.
    fileprivate init(
        _ allowance: PeerAllowance,
        unknown: inout [(SourceLocation, value: String, expected: String)]
    ) {
        self.init()
        for account in allowance.users {
            switch account {
            case .id(let id, _): users.insert(id)
            case .name(let name, let location):
                if let id = Accounts.user(named: name) {
                    users.insert(id)
                } else {
                    unknown.append((location, name, "a user that this machine knows"))
                }
            }
        }
        for account in allowance.groups {
            switch account {
            case .id(let id, _): groups.insert(id)
            case .name(let name, let location):
                if let id = Accounts.group(named: name) {
                    groups.insert(id)
                } else {
                    unknown.append((location, name, "a group that this machine knows"))
                }
            }
        }
    }
}
