/// Why a transform cannot be had, or did not work, in one sentence.
public struct TransformFault: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
