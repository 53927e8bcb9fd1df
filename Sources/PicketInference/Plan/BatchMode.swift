/// How a model takes a batch.
public enum BatchMode: Sendable, Hashable, CustomStringConvertible {
    /// The model's inputs have a symbolic batch dimension.
    case dynamic
    /// The model declares a fixed batch, and its graph works for any other as well.
    case widened
    /// One row a pass, for the reason given.
    case rowByRow(reason: String)

    public var description: String {
        switch self {
        case .dynamic: "dynamic"
        case .widened: "widened"
        case .rowByRow(let reason): "row by row: \(reason)"
        }
    }
}
