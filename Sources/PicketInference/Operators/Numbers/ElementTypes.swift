package import PicketTensor

/// The sets of element types that the specification's type constraints are made of.
extension Set<ElementType> {
    package static let floats: Self = [.float16, .bfloat16, .float32, .float64]
    package static let unsignedIntegers: Self = [.uint8, .uint16, .uint32, .uint64]
    package static let signedIntegers: Self = [.int8, .int16, .int32, .int64]
    package static let integers = unsignedIntegers.union(signedIntegers)
    package static let numbers = floats.union(integers)
    package static let all = numbers.union([.bool])

    /// The set as a fault names it.
    var listed: String {
        let names = ElementType.allCases.filter(contains).map(\.rawValue)
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension OperandFact {
    /// - Throws: where the operand's type is none of those.
    func check(_ name: String, isOf types: Set<ElementType>) throws(OperatorFault) {
        guard types.contains(elementType) else {
            throw OperatorFault("\(name) is \(elementType), expected \(types.listed)")
        }
    }
}

/// What to do with elements once their Swift type is known.
protocol NumberBody {
    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault)
    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault)
}

/// The same for operators that take floats alone.
protocol FloatBody: NumberBody {}

extension FloatBody {
    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        throw OperatorFault("computes floats, not \(Number.elementType)")
    }
}

extension ElementType {
    /// Calls the body with the Swift type of the elements; bool is the integer that it lies in memory as.
    ///
    /// 16-bit floats are widened before any computation, see ``MultiResultOperator/computesHalves``.
    func dispatch(_ body: some NumberBody) throws(OperatorFault) {
        switch self {
        case .float32: try body.floats(Float.self)
        case .float64: try body.floats(Double.self)
        case .int64: try body.integers(Int64.self)
        case .int32: try body.integers(Int32.self)
        case .int16: try body.integers(Int16.self)
        case .int8: try body.integers(Int8.self)
        case .uint64: try body.integers(UInt64.self)
        case .uint32: try body.integers(UInt32.self)
        case .uint16: try body.integers(UInt16.self)
        case .uint8, .bool: try body.integers(UInt8.self)
        case .float16, .bfloat16: throw OperatorFault("computes in \(self), expected it widened to float32")
        }
    }

    /// Whether it is a float of 16 bits: stored so, computed in float32.
    var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension FixedWidthInteger {
    /// The number rounded towards zero; the nearest that fits where it does not, and 0 for NaN.
    init(saturating value: Double) {
        if value.isNaN {
            self = 0
        } else {
            self = Self(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        }
    }
}
