public import PicketTensor

/// The Open Inference Protocol's names of element types.
public enum Datatype: String, Sendable, Hashable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "UINT8"
    case uint16 = "UINT16"
    case uint32 = "UINT32"
    case uint64 = "UINT64"
    case int8 = "INT8"
    case int16 = "INT16"
    case int32 = "INT32"
    case int64 = "INT64"
    case fp16 = "FP16"
    case bf16 = "BF16"
    case fp32 = "FP32"
    case fp64 = "FP64"
    /// Strings; the one type of the protocol that Picket's tensors do not have.
    case bytes = "BYTES"

    public init(_ elementType: ElementType) {
        self =
            switch elementType {
            case .bool: .bool
            case .uint8: .uint8
            case .uint16: .uint16
            case .uint32: .uint32
            case .uint64: .uint64
            case .int8: .int8
            case .int16: .int16
            case .int32: .int32
            case .int64: .int64
            case .float16: .fp16
            case .bfloat16: .bf16
            case .float32: .fp32
            case .float64: .fp64
            }
    }

    /// The element type, nil for `BYTES`.
    public var elementType: ElementType? {
        switch self {
        case .bool: .bool
        case .uint8: .uint8
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .fp16: .float16
        case .bf16: .bfloat16
        case .fp32: .float32
        case .fp64: .float64
        case .bytes: nil
        }
    }

    /// What an element looks like in JSON, for messages.
    var jsonForm: String {
        switch self {
        case .bool: "true or false"
        case .fp16, .bf16, .fp32, .fp64: "a number"
        case .bytes: "a string"
        default: "an integer"
        }
    }
}
