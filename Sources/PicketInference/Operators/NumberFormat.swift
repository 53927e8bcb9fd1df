import PicketTensor

/// How the numbers of an element type lie in memory, and what they are computed with.
protocol NumberFormat: Sendable {
    /// What an element is in memory.
    associatedtype Stored: BitwiseCopyable & Sendable
    /// What it is computed with: the 16-bit floats as float32.
    associatedtype Number: Comparable & Sendable

    static func load(_ stored: Stored) -> Number
    static func store(_ number: Number) -> Stored

    static func add(_ left: Number, _ right: Number) -> Number
    static func multiply(_ left: Number, _ right: Number) -> Number
    /// Every number as a double; the largest integers are rounded.
    static func double(_ number: Number) -> Double
    /// Towards zero for integers, the nearest one where it does not fit; NaN becomes 0 there.
    static func number(_ double: Double) -> Number
    static func isNaN(_ number: Number) -> Bool
}

/// Integers; sums and products wrap, as in C and numpy.
enum IntegerFormat<Integer: FixedWidthInteger & BitwiseCopyable & Sendable>: NumberFormat {
    static func load(_ stored: Integer) -> Integer { stored }
    static func store(_ number: Integer) -> Integer { number }
    static func add(_ left: Integer, _ right: Integer) -> Integer { left &+ right }
    static func multiply(_ left: Integer, _ right: Integer) -> Integer { left &* right }
    static func double(_ number: Integer) -> Double { Double(number) }
    static func number(_ double: Double) -> Integer { Integer(saturating: double) }
    static func isNaN(_ number: Integer) -> Bool { false }
}

/// float32 and float64.
enum FloatFormat<Value: BinaryFloatingPoint & BitwiseCopyable & Sendable>: NumberFormat {
    static func load(_ stored: Value) -> Value { stored }
    static func store(_ number: Value) -> Value { number }
    static func add(_ left: Value, _ right: Value) -> Value { left + right }
    static func multiply(_ left: Value, _ right: Value) -> Value { left * right }
    static func double(_ number: Value) -> Double { Double(number) }
    static func number(_ double: Double) -> Value { Value(double) }
    static func isNaN(_ number: Value) -> Bool { number.isNaN }
}

/// The floats of 16 bits: every number is a float32, in which they are computed; stored rounded to the nearest, ties to even.
protocol HalfNumberFormat: NumberFormat where Stored == UInt16, Number == Float {}

extension HalfNumberFormat {
    static func add(_ left: Float, _ right: Float) -> Float { left + right }
    static func multiply(_ left: Float, _ right: Float) -> Float { left * right }
    static func double(_ number: Float) -> Double { Double(number) }
    static func number(_ double: Double) -> Float { Float(double) }
    static func isNaN(_ number: Float) -> Bool { number.isNaN }
}

/// float16.
enum HalfFormat: HalfNumberFormat {
    /// Without the call that the compiler makes of the conversion where the processor's baseline has none: several times as
    /// fast, and without branches.
    static func load(_ stored: UInt16) -> Float {
        let magnitude = UInt32(stored & 0x7FFF)
        // Exponents of float32 are 112 larger; infinity and NaN need as much again to be what they were.
        let rebias: UInt32 = 112 << 23
        let normal = (magnitude << 13) + (magnitude < 0x7C00 ? rebias : 2 * rebias)
        // Numbers below 2^-14 have no leading one: added to one of that exponent and taken off again, exactly.
        let least: UInt32 = 113 << 23
        let small = Float(bitPattern: least + magnitude << 13) - Float(bitPattern: least)
        let value = magnitude < 0x400 ? small.bitPattern : normal
        return Float(bitPattern: value | UInt32(stored & 0x8000) << 16)
    }

    static func store(_ number: Float) -> UInt16 { Float16(number).bitPattern }
}

/// bfloat16.
enum BrainFormat: HalfNumberFormat {
    static func load(_ stored: UInt16) -> Float { Float(bitPattern: UInt32(stored) << 16) }

    static func store(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        if number.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}

/// A computation that is the same for every element type but for the numbers' format.
protocol FormatVisitor {
    associatedtype Output

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Output
}

extension ElementType {
    /// Calls the visitor with the format of this type.
    ///
    /// - Throws: what the visitor throws, and for bool, whose elements are no numbers.
    func visit<Visitor: FormatVisitor>(_ visitor: Visitor) throws(OperatorFault) -> Visitor.Output {
        switch self {
        case .float32: try visitor.visit(FloatFormat<Float>.self)
        case .float64: try visitor.visit(FloatFormat<Double>.self)
        case .float16: try visitor.visit(HalfFormat.self)
        case .bfloat16: try visitor.visit(BrainFormat.self)
        case .uint8: try visitor.visit(IntegerFormat<UInt8>.self)
        case .uint16: try visitor.visit(IntegerFormat<UInt16>.self)
        case .uint32: try visitor.visit(IntegerFormat<UInt32>.self)
        case .uint64: try visitor.visit(IntegerFormat<UInt64>.self)
        case .int8: try visitor.visit(IntegerFormat<Int8>.self)
        case .int16: try visitor.visit(IntegerFormat<Int16>.self)
        case .int32: try visitor.visit(IntegerFormat<Int32>.self)
        case .int64: try visitor.visit(IntegerFormat<Int64>.self)
        case .bool: throw OperatorFault("elements are bool, expected numbers")
        }
    }
}
