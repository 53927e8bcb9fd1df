import CPicketABI

/// Why a detector's call failed: the status that crosses the boundary, and one sentence for the operator.
public enum DetectorFault: Error, Hashable, CustomStringConvertible {
    /// Configuration or state is wrong; the sentence names key, value, and what was expected.
    case invalid(String)
    /// Well formed, but this plugin or host cannot do it.
    case unsupported(String)
    /// The detector could not do its work on this row.
    case failed(String)

    public var description: String {
        switch self {
        case .invalid(let message), .unsupported(let message), .failed(let message): message
        }
    }

    var status: picket_status {
        switch self {
        case .invalid: PICKET_INVALID
        case .unsupported: PICKET_UNSUPPORTED
        case .failed: PICKET_FAILED
        }
    }

    /// A status and message that the host answered with.
    init(status: picket_status, message: String) {
        switch status {
        case PICKET_INVALID: self = .invalid(message)
        case PICKET_UNSUPPORTED: self = .unsupported(message)
        default: self = .failed(message)
        }
    }
}
