/// Where detectors are loaded from.
public struct PluginSettings: Hashable, Sendable {
    /// Searched in this order, and nothing else. Nil: the packaged directory alone.
    public var directories: [ConfiguredPath]?

    /// The directories to search, absolute.
    public var searchPath: [String] {
        directories?.map(\.resolved) ?? [Self.packagedDirectory]
    }

    public static let packagedDirectory = "/usr/lib/picket/plugins"

    public init() {}
}

/// Where events go.
public struct EventSettings: Hashable, Sendable {
    /// Whether events go to the journal. Default: true.
    public var journal = true
    /// A file of JSON lines. Default: none.
    public var file: ConfiguredPath?
    /// Most flagged events of one peer; the rest of a burst is counted in one event. Default: 20/s.
    public var perPeer = Rate(count: 20, per: .seconds(1))

    public init() {}
}

/// Where random draws come from.
public struct RandomnessSettings: Hashable, Sendable {
    /// A file of 32 bytes. Default: none, a key is drawn at start.
    public var key: ConfiguredPath?

    public init() {}
}

/// What the inference core may use.
public struct ComputeSettings: Hashable, Sendable {
    /// Threads of the core, 1 to 1024. Default: as many as CPUs that the process may use.
    public var threads: Int?

    public init() {}
}

/// What is refused before memory is spent on it.
public struct LimitSettings: Hashable, Sendable {
    /// Most bytes of one request's body. Default: 64 MiB.
    public var requestBytes = 64 << 20
    /// Most rows waiting. Default: 256.
    public var queue = 256
    /// From a request's last byte to its answer. Default: 2 s.
    public var deadline = Duration.seconds(2)

    public init() {}
}
