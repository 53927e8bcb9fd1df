/// The detectors of one model, and what follows from their verdict.
public struct Chain: Hashable, Sendable {
    public enum Mode: String, CaseIterable, Hashable, Sendable {
        /// Log, never reject.
        case monitor
        case enforce
    }

    /// What a false-positive rate is counted over.
    public enum RatePer: String, CaseIterable, Hashable, Sendable {
        case row
        /// Each of a request's n rows is held to rate / n.
        case request
    }

    /// How the components of a row become one score; all are calibrated alike.
    public enum Method: String, CaseIterable, Hashable, Sendable {
        /// The mean in a family, ranked again; the sum of squares of the positive ones.
        case twoLevel = "two-level"
        /// The mean of the squares of the positive normal scores in a family; their sum.
        case oneLevel = "one-level"
        /// Two-level with a family's largest component instead of the mean.
        case twoLevelMax = "two-level-max"
        /// The largest of all components.
        case max
        /// The smallest of the families' p-values.
        case minP = "min-p"
        /// Fisher's sum of the logarithms of the families' p-values.
        case fisher
    }

    /// What happens to a request with a flagged row, in enforce.
    public enum OnFlag: String, CaseIterable, Hashable, Sendable {
        case rejectRequest = "reject-request"
        /// Answer without the outputs of flagged rows.
        case withholdRows = "withhold-rows"
    }

    /// What happens when a detector fails. In monitor nothing is rejected, whatever this says.
    public enum FailurePolicy: String, CaseIterable, Hashable, Sendable {
        /// Answer, and log the failure.
        case open
        /// Reject.
        case closed
    }

    /// What a reply tells its sender of the guard.
    public enum Disclosure: String, CaseIterable, Hashable, Sendable {
        case none, verdict, score
    }

    /// Name of a served model of the same configuration.
    public var model: String
    /// Default: monitor.
    public var mode: Mode
    /// Of the whole chain on clean inputs, in (0, 0.5]. Default: 0.01.
    public var falsePositiveRate: Double
    /// Default: row.
    public var ratePer: RatePer
    /// With what probability over the calibration draw the rate is kept, in [0, 1); 0: on average only. Default: 0.95.
    public var confidence: Double
    /// Whether the rate holds among the rows of each predicted class. Default: false.
    public var classConditional: Bool
    /// Default: two-level.
    public var method: Method
    /// How likely, at most, `drift_suspected` may ever be said without a drift, in [10⁻⁶, 0.1]; nil: no watch. Default:
    /// 0.001.
    public var driftLevel: Double?
    /// Default: reject-request.
    public var onFlag: OnFlag
    /// Default: closed.
    public var onFailure: FailurePolicy
    /// Default: verdict in enforce, none in monitor.
    public var disclose: Disclosure
    /// The calibration file, which `picket calibrate` writes.
    public var calibration: ConfiguredPath
    /// In the order of the file; their names are unique; never empty.
    public var detectors: [Detector]
    public var location: SourceLocation

    public init(model: String, calibration: ConfiguredPath, detectors: [Detector], location: SourceLocation) {
        self.model = model
        mode = .monitor
        falsePositiveRate = 0.01
        ratePer = .row
        confidence = 0.95
        classConditional = false
        method = .twoLevel
        driftLevel = 0.001
        onFlag = .rejectRequest
        onFailure = .closed
        disclose = .none
        self.calibration = calibration
        self.detectors = detectors
        self.location = location
    }
}

/// One detector of a chain.
public struct Detector: Hashable, Sendable {
    /// The file is `libpicket-PLUGIN.so`: 1 to 64 small letters, digits and hyphens.
    public var plugin: String
    /// Names the detector in events and reports; unique in its chain. Default: the plugin's name.
    public var name: String
    /// The plugin's own settings as JSON: keys sorted, no spaces, numbers with the digits they were written with.
    public var configuration: String
    /// What its evidence counts beside the other detectors', in [0.001, 1000]. Default: 1.
    public var weight: Double
    public var location: SourceLocation
    /// Where its `config` stands, for what the plugin says about it; the detector's own place where there is none.
    public var configurationLocation: SourceLocation

    public init(
        plugin: String,
        name: String,
        configuration: String,
        weight: Double = 1,
        location: SourceLocation,
        configurationLocation: SourceLocation
    ) {
        self.plugin = plugin
        self.name = name
        self.configuration = configuration
        self.weight = weight
        self.location = location
        self.configurationLocation = configurationLocation
    }
}
