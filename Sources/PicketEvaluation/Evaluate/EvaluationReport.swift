/// What `picket evaluate` measures; its JSON is a contract, to which keys may be added.
public struct EvaluationReport: Sendable, Encodable {
    /// The model's name in the configuration.
    public var model: String
    /// What the calibration promises.
    public var falsePositiveRate: Double
    /// With what confidence.
    public var confidence: Double
    /// The promise, with what carries it.
    public var promise: PromiseFigures
    /// How every interval below is made.
    public var intervals = Intervals()
    /// The clean set.
    public var clean: Clean
    /// In the order they were named.
    public var sets: [AttackSet]
    /// The set of the lowest detection rate; nil without a successful attack.
    @OrNull public var worstSet: WorstSet?
    /// Over the sets with a successful attack, each counting the same; nil without any.
    @OrNull public var mean: MeanDetection?
    /// Over all attacks on the same pictures; nil where the sets do not tell which pictures are the same.
    @OrNull public var union: AttackUnion?
    /// In the chain's order.
    public var detectors: [Detector]
    /// Benign corruptions of clean rows; nil where rows are no pictures, or they were not asked for.
    @OrNull public var corruptions: Corruptions?
    /// The same figures under several keys; nil where one was asked for.
    @OrNull public var keys: KeySpread?
    /// Forward passes that a request of one row takes.
    public var passesPerRequest: Int
    /// Rows of all these passes together.
    public var rowsPerRequest: Int

    /// How intervals are made.
    public struct Intervals: Sendable, Encodable {
        /// Of rates.
        public var method = RateInterval.method
        /// Of areas under curves.
        public var areas = "DeLong"
        public var confidence = RateInterval.confidence
    }

    enum CodingKeys: String, CodingKey {
        case model, confidence, promise, intervals, clean, sets, mean, union, detectors, corruptions, keys
        case falsePositiveRate = "false_positive_rate"
        case worstSet = "worst_set"
        case passesPerRequest = "passes_per_request"
        case rowsPerRequest = "rows_per_request"
    }

    /// Counts what was measured.
    ///
    /// - Parameters:
    ///   - clean: the clean set.
    ///   - sets: the adversarial sets.
    ///   - detectors: names, in the chain's order.
    package init(
        model: String,
        promise: PromiseFigures,
        clean: MeasuredSet,
        sets: [MeasuredSet],
        detectors: [String],
        passesPerRequest: Int,
        rowsPerRequest: Int
    ) {
        self.model = model
        self.promise = promise
        falsePositiveRate = promise.alpha
        confidence = promise.confidence
        self.clean = Clean(clean, alpha: promise.alpha)
        self.sets = sets.map { AttackSet($0, clean: clean, alpha: promise.alpha) }
        worstSet = WorstSet(self.sets)
        mean = MeanDetection(self.sets)
        union = AttackUnion(sets, alpha: promise.alpha)
        self.detectors = detectors.enumerated().map { index, name in
            Detector(name: name, index: index, clean: clean, sets: sets, alpha: promise.alpha)
        }
        corruptions = nil
        keys = nil
        self.passesPerRequest = passesPerRequest
        self.rowsPerRequest = rowsPerRequest
    }
}
