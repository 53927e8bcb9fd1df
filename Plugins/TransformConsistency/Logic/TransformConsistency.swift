public import PicketPluginSDK
import PicketTransforms

/// Consistency under transforms: a clean row keeps its label, and its lead over the runner-up, when the picture is
/// compressed, moved or turned a little; an adversarial row sits close to a border and slides back (after Xie and others,
/// ICLR 2018; Guo and others, ICLR 2018).
///
/// Some transforms are drawn by the host's keyed generator, so that a sender cannot foresee them. Components: see
/// ``Consistency``.
public struct TransformConsistency: Detector {
    public static let name: StaticString = "transform-consistency"
    public static let version: StaticString = "1.0.0"

    private let shape: PictureShape
    private let variants: [PictureVariant]
    private var plain: Wanted?
    private var transformed: [Wanted] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image, subject.extents.count == 3 else {
            throw DetectorFault.unsupported(
                "transform-consistency transforms pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        shape = PictureShape(
            channels: subject.extents[0],
            height: subject.extents[1],
            width: subject.extents[2]
        )
        let settings = try configuration.decoded(as: Settings.self)
        do {
            variants = try PictureVariant.list(settings.transforms ?? Settings.common(to: shape))
            for variant in variants { try variant.transform.check(shape) }
        } catch {
            throw DetectorFault.invalid("transforms: \(error)")
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        plain = try planner.want(Planner.logProbabilities)
        for (index, variant) in variants.enumerated() {
            let node = try planner.variant(
                key: variant.key,
                token: UInt64(index),
                drawn: variant.transform.isDrawn
            )
            transformed.append(try planner.want(Planner.logProbabilities, on: node))
        }
        for component in Consistency.Component.allCases { try planner.component(component.rawValue) }
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        let size = self.shape.elementCount
        guard token < variants.count, source.count == size, destination.count == size else {
            throw DetectorFault.failed("no transform \(token) from \(source.count) to \(destination.count) numbers")
        }
        let operation = try variants[Int(token)].transform.operation(uniform: generator.map { $0.uniform })
        try operation.apply(to: source, shape: self.shape, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let plain, components.count == Consistency.Component.allCases.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let row = try distribution(evidence[plain])
        let others = try transformed.map { try distribution(evidence[$0]) }
        guard others.allSatisfy({ $0.logarithms.count == row.logarithms.count }) else {
            throw DetectorFault.failed("the classes under a transform are not as many as the row's")
        }
        let consistency = Consistency(row: row, transformed: others)
        for (index, component) in Consistency.Component.allCases.enumerated() {
            components[index] = consistency[component]
        }
    }

    private func distribution(_ tensor: TensorView) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0) }
    }
}
