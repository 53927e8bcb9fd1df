public import PicketPluginSDK
import PicketTransforms

/// Stability under Gaussian noise: the model's votes on noisy copies of a row; a clean row's copies agree with it, an
/// adversarial row stands where few of its neighbours do (Cohen, Rosenfeld, Kolter, ICML 2019).
///
/// Components: see ``NoiseStatistic``. With `certify` the smoothed classifier's answer becomes the served answer, and its
/// certified radius a fact: see ``Certificate``.
public struct NoiseStability: ReportingDetector {
    public static let name: StaticString = "noise-stability"
    public static let version: StaticString = "1.0.0"

    private let copies: PictureVariants
    private let components: [NoiseStatistic]
    let certificate: Certificate?
    private var plain: Wanted?
    private(set) var noisy: [Wanted] = []
    private(set) var facts: CertificateFacts?

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image, let shape = PictureShape(extents: subject.extents) else {
            throw DetectorFault.unsupported(
                "noise-stability adds noise to pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        let settings = try configuration.decoded(as: Settings.self)
        let count = settings.certificate.map { $0.selection + $0.estimation } ?? settings.samples
        do {
            copies = try PictureVariants(
                [Transform](repeating: .unclampedNoise(settings.deviation), count: count),
                of: shape
            )
        } catch {
            throw DetectorFault.invalid("deviation: \(error)")
        }
        components = settings.components.compactMap(NoiseStatistic.init)
        certificate = settings.certificate.map { Certificate($0, deviation: settings.deviation) }
    }

    public mutating func plan(_ planner: Planner) throws {
        plain = try planner.want(Planner.logProbabilities)
        for (index, copy) in copies.variants.enumerated() {
            let node = try planner.variant(key: copy.key, token: UInt64(index), drawn: true)
            noisy.append(try planner.want(Planner.logProbabilities, on: node))
        }
        for component in components { try planner.component(component.rawValue) }
        if certificate != nil {
            facts = CertificateFacts(
                radius: try planner.fact("certified-radius"),
                confidence: try planner.fact("certificate-confidence")
            )
            try planner.answers()
        }
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        try copies.render(token, source: source, bits: generator.map { $0.next }, into: &destination)
    }

    public func score(_ evidence: Evidence, into room: inout MutableSpan<Double>) throws {
        guard let plain, room.count == components.count else {
            throw DetectorFault.failed("scored before planning, or \(room.count) components expected")
        }
        let row = try distribution(evidence[plain])
        var told = NoiseAnswers(row: row)
        for copy in noisy {
            let answer = try distribution(evidence[copy])
            guard answer.logarithms.count == row.logarithms.count else {
                throw DetectorFault.failed("the classes of a noisy copy are not as many as the row's")
            }
            told.add(answer)
        }
        for (index, component) in components.enumerated() { room[index] = told[component] }
    }

    func distribution(_ tensor: TensorView) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0) }
    }
}
