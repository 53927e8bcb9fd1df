/// The type of one number in a tensor.
///
/// Multi-byte types are little-endian in memory, as on every CPU that Picket runs on and on the wire of the
/// Open Inference Protocol's binary extension.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case bool
    case uint8
    case uint16
    case uint32
    case uint64
    case int8
    case int16
    case int32
    case int64
    case float16
    case bfloat16
    case float32
    case float64

    /// Bytes of one element in memory; `bool` takes one.
    public var byteCount: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether the type can hold NaN, which `withhold-rows` answers need.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }
}

/// A Swift type that a tensor's elements can be read as.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The element type whose memory layout this Swift type has.
    static var elementType: ElementType { get }
}

extension UInt8: TensorElement {
    public static var elementType: ElementType { .uint8 }
}

extension UInt16: TensorElement {
    public static var elementType: ElementType { .uint16 }
}

extension UInt32: TensorElement {
    public static var elementType: ElementType { .uint32 }
}

extension UInt64: TensorElement {
    public static var elementType: ElementType { .uint64 }
}

extension Int8: TensorElement {
    public static var elementType: ElementType { .int8 }
}

extension Int16: TensorElement {
    public static var elementType: ElementType { .int16 }
}

extension Int32: TensorElement {
    public static var elementType: ElementType { .int32 }
}

extension Int64: TensorElement {
    public static var elementType: ElementType { .int64 }
}

extension Float: TensorElement {
    public static var elementType: ElementType { .float32 }
}

extension Double: TensorElement {
    public static var elementType: ElementType { .float64 }
}
