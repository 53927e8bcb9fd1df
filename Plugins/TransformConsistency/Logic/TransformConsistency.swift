public import PicketPluginSDK
import PicketTransforms

/// Consistency under transforms: a clean row keeps its label, and its lead over the runner-up, when the picture is
/// compressed, moved or turned a little; an adversarial row sits close to a border and slides back (after Xie and others,
/// ICLR 2018; Guo and others, ICLR 2018; Roth and others, ICML 2019).
///
/// Some transforms are drawn by the host's keyed generator, so that a sender cannot foresee them; `draw: k` draws which of
/// the transforms a row gets as well. Components, `TRANSFORM:STATISTIC`, `mean:STATISTIC` and `max:STATISTIC`: every
/// ``AnswerStatistic``.
public struct TransformConsistency: Detector {
    public static let name: StaticString = "transform-consistency"
    public static let version: StaticString = "2.0.0"

    private let variants: PictureVariants
    private let scored: ScopedComponents
    private var plain: Wanted?
    private var transformed: [Wanted] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image, let shape = PictureShape(extents: subject.extents) else {
            throw DetectorFault.unsupported(
                "transform-consistency transforms pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        let settings = try configuration.decoded(as: Settings.self)
        do {
            let listed = try PictureVariants(settings.transforms ?? Defaults.transforms(for: shape), of: shape)
            let planned = try settings.draw.map { (count) throws(TransformFault) in
                try PictureVariants(Strata.drawing(count, of: listed.variants.map(\.transform)), of: shape)
            }
            variants = planned ?? listed
        } catch {
            throw DetectorFault.invalid("transforms: \(error)")
        }
        do {
            let labels =
                settings.draw == nil
                ? variants.labels(limit: 48, otherwise: "transform") : variants.labels(limit: 0, otherwise: "draw")
            scored = try ScopedComponents(
                choosing: settings.components ?? Defaults.components,
                from: ScopedComponents.offered(AnswerStatistic.allCases.map(\.rawValue), at: labels)
            )
        } catch {
            throw DetectorFault.invalid("components: \(error)")
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        plain = try planner.want(Planner.logProbabilities)
        for (index, variant) in variants.variants.enumerated() {
            let node = try planner.variant(
                key: variant.key,
                token: UInt64(index),
                drawn: variant.transform.isDrawn
            )
            transformed.append(try planner.want(Planner.logProbabilities, on: node))
        }
        for component in scored.components { try planner.component(component.name) }
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        try variants.render(token, source: source, bits: generator.map { $0.next }, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let plain, components.count == scored.components.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let row = try distribution(evidence[plain])
        let answers = try transformed.map { try distribution(evidence[$0]) }
        guard answers.allSatisfy({ $0.logarithms.count == row.logarithms.count }) else {
            throw DetectorFault.failed("the classes under a transform are not as many as the row's")
        }
        scored.write(into: &components) { statistic, transform in
            AnswerStatistic.allCases[statistic].value(row: row, transformed: answers[transform])
        }
    }

    private func distribution(_ tensor: TensorView) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0) }
    }
}
