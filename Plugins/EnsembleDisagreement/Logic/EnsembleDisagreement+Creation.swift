import PicketPluginSDK
import PicketTransforms

/// What must hold of members and squeezers before anything is planned.
extension EnsembleDisagreement {
    static func check(_ members: [String], _ subject: Subject, _ host: Host) throws {
        for (index, member) in members.enumerated() {
            guard let facts = try host.model(member) else { continue }
            guard facts.classCount == subject.classCount else {
                throw DetectorFault.invalid(
                    "members[\(index)]: found \(member) with \(facts.classCount) classes, expected "
                        + "\(subject.classCount) as \(subject.model) has"
                )
            }
            guard facts.extents == subject.extents else {
                throw DetectorFault.invalid(
                    "members[\(index)]: found \(member) with rows of \(facts.extents), expected "
                        + "\(subject.extents) as \(subject.model) takes"
                )
            }
        }
    }

    /// Nil where none are listed, and rows may be anything.
    static func squeezers(_ transforms: [Transform], _ subject: Subject) throws -> PictureVariants? {
        guard !transforms.isEmpty else { return nil }
        guard subject.kind == .image, let shape = PictureShape(extents: subject.extents) else {
            throw DetectorFault.unsupported(
                "squeezers: \(subject.model) takes tensors, expected none (kind: image declares pictures)"
            )
        }
        do {
            return try PictureVariants(transforms, of: shape)
        } catch {
            throw DetectorFault.invalid("squeezers: \(error)")
        }
    }
}
