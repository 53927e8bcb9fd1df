// A value that is wrong has been logged by its reader, which fails the whole file: until then the default stands in.

extension PluginSettings {
    init(_ field: Field, directory: String) {
        guard let section = Section(field, keys: ["directories"]), let list = section["directories"] else { return }
        guard let fields = list.elements("a list of directories") else { return }
        guard (1...32).contains(fields.count) else {
            list.refuse("1 to 32 directories")
            return
        }
        directories = fields.compactMap { $0.path(relativeTo: directory) }
    }
}

extension EventSettings {
    init(_ field: Field, directory: String) {
        guard let section = Section(field, keys: ["journal", "file", "per-peer"]) else { return }
        journal = section["journal"]?.boolean() ?? journal
        file = section["file"]?.path(relativeTo: directory)
        perPeer = section["per-peer"]?.rate() ?? perPeer
    }
}

extension RandomnessSettings {
    init(_ field: Field, directory: String) {
        guard let section = Section(field, keys: ["key"]) else { return }
        key = section["key"]?.path(relativeTo: directory)
    }
}

extension ComputeSettings {
    init(_ field: Field) {
        guard let section = Section(field, keys: ["threads"]) else { return }
        threads = section["threads"]?.integer(in: 1...1024)
    }
}

extension LimitSettings {
    init(_ field: Field) {
        guard let section = Section(field, keys: ["request-bytes", "queue", "deadline"]) else { return }
        requestBytes = section["request-bytes"]?.byteCount(in: 1024...(1 << 30)) ?? requestBytes
        queue = section["queue"]?.integer(in: 1...1_000_000) ?? queue
        deadline = section["deadline"]?.duration(upTo: 1) ?? deadline
    }
}
