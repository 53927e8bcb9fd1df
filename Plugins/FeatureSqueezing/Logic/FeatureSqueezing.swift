public import PicketPluginSDK
import PicketTransforms

/// Feature squeezing (Xu, Evans, Qi, NDSS 2018): an adversarial row's prediction moves when detail that people do not see is
/// squeezed out of it; a clean row's hardly does.
///
/// Components, `SQUEEZER:STATISTIC`, `mean:STATISTIC` and `max:STATISTIC`: the distances `l1` (as published, with `max:l1` the
/// published detector), `l2` and `kl` between the class probabilities of the row and of the squeezed row, and `margin`, the
/// negated log-odds under the squeezer of the row's most probable class. See ``AnswerStatistic``.
public struct FeatureSqueezing: Detector {
    public static let name: StaticString = "feature-squeezing"
    public static let version: StaticString = "2.0.0"

    private static let statistics: [AnswerStatistic] = [.l1, .l2, .kl, .margin]

    private let squeezers: PictureVariants
    private let scored: ScopedComponents
    private var plain: Wanted?
    private var squeezed: [Wanted] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image, let shape = PictureShape(extents: subject.extents) else {
            throw DetectorFault.unsupported(
                "feature-squeezing squeezes pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        let settings = try configuration.decoded(as: Settings.self)
        do {
            squeezers = try PictureVariants(settings.squeezers ?? Defaults.squeezers(for: shape), of: shape)
        } catch {
            throw DetectorFault.invalid("squeezers: \(error)")
        }
        do {
            let labels = squeezers.labels(limit: 48, otherwise: "squeezer")
            scored = try ScopedComponents(
                choosing: settings.components ?? Defaults.components,
                from: ScopedComponents.offered(Self.statistics.map(\.rawValue), at: labels)
            )
        } catch {
            throw DetectorFault.invalid("components: \(error)")
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        plain = try planner.want(Planner.logProbabilities)
        for (index, squeezer) in squeezers.variants.enumerated() {
            let variant = try planner.variant(key: squeezer.key, token: UInt64(index))
            squeezed.append(try planner.want(Planner.logProbabilities, on: variant))
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
        try squeezers.render(token, source: source, bits: nil, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let plain, components.count == scored.components.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let row = try distribution(evidence[plain])
        let answers = try squeezed.map { try distribution(evidence[$0]) }
        guard answers.allSatisfy({ $0.logarithms.count == row.logarithms.count }) else {
            throw DetectorFault.failed("the classes of a squeezed row are not as many as the row's")
        }
        scored.write(into: &components) { statistic, squeezer in
            Self.statistics[statistic].value(row: row, transformed: answers[squeezer])
        }
    }

    private func distribution(_ tensor: TensorView) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0) }
    }
}
