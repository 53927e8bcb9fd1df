/// A checking unit: names what it needs of a row, renders its variants, and turns what came back into components.
///
/// The host makes one per entry of a chain: ``init(configuration:subject:state:host:)``, then ``plan(_:)`` once, then
/// ``render(_:source:shape:generator:into:)`` and ``score(_:into:)`` for every row, from any thread, several at once. That
/// is why a detector is `Sendable` and nothing but `plan` may change it.
///
/// Every method may throw. A ``DetectorFault`` crosses the boundary with its status, any other error as a failure with its
/// description; nothing ever crosses as a crash.
public protocol Detector: Sendable {
    /// NAME of `libpicket-NAME.so`, and what configurations call the plugin.
    static var name: StaticString { get }

    /// The plugin's version; goes into the calibration, which other versions do not match.
    static var version: StaticString { get }

    /// A detector from its configuration.
    ///
    /// - Parameters:
    ///   - configuration: the JSON of the chain's entry; nothing at all where the operator wrote none.
    ///   - subject: what rows look like, and the model that is guarded.
    ///   - state: what ``LearningDetector/fit(_:into:)`` wrote at calibration; empty before that.
    ///   - host: services, by id.
    /// - Throws: ``DetectorFault`` naming key, value, and what was expected.
    init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws

    /// Names variants, runs, wanted tensors and components. The same configuration must plan the same nodes every time.
    mutating func plan(_ planner: Planner) throws

    /// Writes the variant that ``plan(_:)`` gave `token`.
    ///
    /// - Parameters:
    ///   - token: as given to ``Planner/variant(of:key:token:drawn:extents:)``.
    ///   - source: the elements of the source node, row-major.
    ///   - shape: the source's extents: C, H, W where it is a picture.
    ///   - generator: the row's random numbers where the variant is drawn, else nil.
    ///   - destination: every element of it must be written.
    func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws

    /// Writes the components of one row, each at the index that ``Planner/component(_:)`` gave. They arrive as NaN, which
    /// the host takes for a failure.
    func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws
}

extension Detector {
    /// A detector without variants of its own has nothing to render.
    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        throw DetectorFault.unsupported("\(Self.name) plans no variants; token \(token) is none of its own")
    }
}

/// A detector that learns from clean rows at calibration.
public protocol LearningDetector: Detector {
    /// Looks at clean rows and writes the state that creation gets back from then on.
    func fit(_ clean: CleanRows, into state: StateSink) throws
}

/// A detector with something to say beside its components: facts, or the served answer.
public protocol ReportingDetector: Detector {
    /// Reports on one row, after ``Detector/score(_:into:)`` did with the same evidence; called only where ``Detector/plan(_:)``
    /// declared a fact or the answer.
    ///
    /// - Parameters:
    ///   - facts: each at the index that ``Planner/fact(_:)`` gave. They arrive as NaN; one left so has nothing to say of this
    ///     row.
    ///   - answer: natural logarithms of the class probabilities, [classes], all finite and adding up to 1 as probabilities;
    ///     empty unless ``Planner/answers()`` was called.
    func report(
        _ evidence: Evidence,
        facts: inout MutableSpan<Double>,
        answer: inout MutableSpan<Float>
    ) throws
}
