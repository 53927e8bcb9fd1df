/// A whole configuration file, checked in itself.
///
/// What only the machine can tell (whether files exist, models load, plugins accept their settings, users are known) is
/// the business of those who open them; every part carries its place in the file, so that they can name it.
public struct Configuration: Hashable, Sendable {
    /// The file, as it was named.
    public var file: String
    /// Where requests arrive; never empty.
    public var listen: [Listener]
    /// Models, served ones and members of ensembles; names are unique; never empty.
    public var models: [Model]
    /// At most one chain per model; every served model has one; never empty.
    public var chains: [Chain]
    public var plugins = PluginSettings()
    public var events = EventSettings()
    public var randomness = RandomnessSettings()
    public var compute = ComputeSettings()
    public var limits = LimitSettings()
    /// Default: info.
    public var logLevel = LogLevel.info

    public init(file: String, listen: [Listener], models: [Model], chains: [Chain]) {
        self.file = file
        self.listen = listen
        self.models = models
        self.chains = chains
    }

    public func model(named name: String) -> Model? {
        models.first { $0.name == name }
    }

    public func chain(forModel name: String) -> Chain? {
        chains.first { $0.model == name }
    }

    /// A fault found by whoever opened what the configuration names.
    public func fault(at location: SourceLocation, value: String, expected: String) -> ConfigurationFault {
        ConfigurationFault(file: file, location: location, value: value, expected: expected, valueLimit: 1024)
    }
}

/// Levels of the daemon's own log, most talkative first; the names are swift-log's.
public enum LogLevel: String, CaseIterable, Hashable, Sendable {
    case trace, debug, info, notice, warning, error, critical
}
