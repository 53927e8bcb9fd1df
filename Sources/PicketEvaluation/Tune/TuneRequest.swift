public import PicketCrypto

/// What `picket tune` is asked for.
public struct TuneRequest: Sendable {
    /// Where candidates come from.
    public enum Pool: String, Sendable, CaseIterable {
        /// The configuration's own chain, taken apart.
        case configuration
        /// What Picket's own detectors offer for the model.
        case builtin
    }

    /// What is taken or left.
    public enum Grain: String, Sendable, CaseIterable {
        /// A single component, where a detector lets components be chosen.
        case component
        /// An element of a detector's list, with all its components: a shorter search, and a coarser choice.
        case element
    }

    /// Clean samples: an `.npz` file or a folder of pictures. The calibration of the result needs others.
    public var cleanPath: String
    /// Adversarial sets: `.npz` files with x, y and optionally x0.
    public var adversarialPaths: [String]
    /// Passes of a request of one row at most: runs of a model on the row or on a variant of it, the plain inference
    /// among them.
    public var passes: Int
    /// The false-positive rate; nil: the configuration's.
    public var rate: Double?
    public var pool = Pool.configuration
    public var grain = Grain.component
    /// Where draws come from; nil: the configuration's key.
    public var key: RandomnessKey?
    /// Rows of an adversarial set that are looked at, spread evenly over it.
    public var rowLimit = 400

    public init(cleanPath: String, adversarialPaths: [String], passes: Int) {
        self.cleanPath = cleanPath
        self.adversarialPaths = adversarialPaths
        self.passes = passes
    }
}

/// Where tuning stands.
public struct TuneProgress: Sendable {
    public enum Step: String, Sendable {
        case evaluating = "evaluating candidates"
        case searching = "searching"
        case verifying = "verifying the choice"
    }

    public var step: Step
    public var done: Int
    public var total: Int
}
