extension Configuration {
    private static let keys = [
        "listen", "models", "chains", "plugins", "events", "randomness", "compute", "limits", "log-level",
    ]

    /// Keys of the configuration's contract that this version does not build.
    private static let unsupportedKeys = ["admin", "records"]

    /// Returns nil only after logging why; faults may be logged beside a value too.
    init?(_ root: YAMLNode, file: String, directory: String, faults: FaultLog) {
        let field = Field(node: root, key: "", faults: faults)
        guard let section = Section(field, keys: Self.keys, unsupported: Self.unsupportedKeys) else { return nil }
        let listen = Self.list(section, "listen", "a list of sockets") { Listener($0, directory: directory) }
        let models = Self.list(section, "models", "a list of models") { Model($0, directory: directory) }
        let chains = Self.list(section, "chains", "a list of chains") { Chain($0, directory: directory) }
        self.init(file: file, listen: listen ?? [], models: models ?? [], chains: chains ?? [])
        if let field = section["plugins"] { plugins = PluginSettings(field, directory: directory) }
        if let field = section["events"] { events = EventSettings(field, directory: directory) }
        if let field = section["randomness"] { randomness = RandomnessSettings(field, directory: directory) }
        if let field = section["compute"] { compute = ComputeSettings(field) }
        if let field = section["limits"] { limits = LimitSettings(field) }
        logLevel = section["log-level"]?.keyword(LogLevel.self) ?? logLevel
        // Cross checks look at whole lists: an element that could not be read would be missed everywhere it is named.
        if listen != nil { checkListeners(faults) }
        if models != nil { checkModels(faults) }
        if models != nil, chains != nil { checkChains(faults) }
    }

    /// The elements of a list that must be there and not be empty; nil where one of them could not be read.
    private static func list<Element>(
        _ section: Section,
        _ key: String,
        _ expected: String,
        _ read: (Field) -> Element?
    ) -> [Element]? {
        guard let field = section.required(key, expected), let fields = field.elements(expected) else { return nil }
        guard (1...256).contains(fields.count) else {
            field.refuse("\(expected), 1 to 256 of them")
            return nil
        }
        let elements = fields.compactMap(read)
        return elements.count == fields.count ? elements : nil
    }
}
