public import PicketPluginSDK
import PicketTransforms

/// Feature squeezing (Xu, Evans, Qi, NDSS 2018): an adversarial row's prediction moves when detail that people do not see is
/// squeezed out of it; a clean row's hardly does.
///
/// Components: one a squeezer, named by its key, the L1 distance between the class probabilities of the row and of the
/// squeezed row, 0...2; and `joint`, the largest of them, which is the published detector.
public struct FeatureSqueezing: Detector {
    public static let name: StaticString = "feature-squeezing"
    public static let version: StaticString = "1.0.0"

    private let shape: PictureShape
    private let squeezers: [PictureVariant]
    private var plain: Wanted?
    private var squeezed: [Wanted] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        shape = try PictureShape(rowsOf: subject)
        let settings = try configuration.decoded(as: Settings.self)
        let transforms = settings.squeezers ?? Settings.published(for: shape)
        do {
            squeezers = try PictureVariant.list(transforms)
            for squeezer in squeezers { try squeezer.transform.check(shape) }
        } catch {
            throw DetectorFault.invalid("squeezers: \(error)")
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        plain = try planner.want(Planner.probabilities)
        for (index, squeezer) in squeezers.enumerated() {
            let variant = try planner.variant(key: squeezer.key, token: UInt64(index))
            squeezed.append(try planner.want(Planner.probabilities, on: variant))
            try planner.component(squeezer.key)
        }
        try planner.component("joint")
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        let size = self.shape.elementCount
        guard token < squeezers.count, source.count == size, destination.count == size else {
            throw DetectorFault.failed("no squeezer \(token) from \(source.count) to \(destination.count) numbers")
        }
        let operation = try squeezers[Int(token)].transform.operation(uniform: nil)
        try operation.apply(to: source, shape: self.shape, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let plain, components.count == squeezed.count + 1 else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let row = try evidence[plain]
        var joint = 0.0
        for (index, wanted) in squeezed.enumerated() {
            let distance = try l1Distance(row, try evidence[wanted])
            components[index] = distance
            joint = max(joint, distance)
        }
        components[squeezed.count] = joint
    }

    private func l1Distance(_ one: TensorView, _ other: TensorView) throws -> Double {
        try one.withElements { one in
            try other.withElements { other in
                guard one.count == other.count else {
                    throw DetectorFault.failed("\(one.count) probabilities beside \(other.count)")
                }
                var sum = 0.0
                for index in one.indices { sum += abs(Double(one[index]) - Double(other[index])) }
                guard sum.isFinite else { throw DetectorFault.failed("a class probability is not finite") }
                return sum
            }
        }
    }
}

extension PictureShape {
    /// The shape of the pictures that a detector guards.
    fileprivate init(rowsOf subject: Subject) throws {
        guard subject.kind == .image, subject.extents.count == 3 else {
            throw DetectorFault.unsupported(
                "feature-squeezing squeezes pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        self.init(channels: subject.extents[0], height: subject.extents[1], width: subject.extents[2])
    }
}
