public import PicketCrypto

/// What `picket evaluate` is asked for.
public struct EvaluationRequest: Sendable {
    /// Clean samples: an `.npz` file or a folder of pictures.
    public var cleanPath: String
    /// Adversarial sets: `.npz` files with x, y and optionally x0.
    public var adversarialPaths: [String]
    /// Where draws come from; nil: the configuration's key.
    public var key: RandomnessKey?
    /// How many keys to measure under, the given one first.
    public var keyCount = 1
    /// A folder for the raw components; nil: they are not written.
    public var componentsPath: String?

    /// Whether benign corruptions of the clean set are measured.
    public var measuresCorruptions = true
    /// Whether a report is to be made: pictures are picked, and each detector's cost is measured.
    public var isReported = false

    public init(cleanPath: String, adversarialPaths: [String]) {
        self.cleanPath = cleanPath
        self.adversarialPaths = adversarialPaths
    }
}

extension RandomnessKey {
    /// Keys to repeat a measurement under: this one, and others that follow from it.
    func derived(count: Int) -> [RandomnessKey] {
        [self]
            + (1..<max(count, 1)).map { index in
                RandomnessKey(publicConstant: code(of: Array("picket evaluate key 1:\(index)".utf8)))
            }
    }
}
