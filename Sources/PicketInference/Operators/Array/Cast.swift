import PicketTensor

/// ONNX Cast (opsets 6, 9, 13, 19, 21) among bool, integers and floats.
///
/// To integers it rounds towards zero, as the specification says; what does not fit, which it leaves open, becomes the
/// nearest number that does, and NaN becomes 0. Integers to narrower ones wrap. To bool, everything but 0 is true.
package struct Cast: ComputeOperator {
    package static let signature = OperatorSignature("Cast", inputs: 1...1, attributes: ["to", "saturate"])

    private let target: ElementType

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard let code = try node.attributes.int("to") else { throw OperatorFault("attribute to is missing") }
        guard let target = Self.types[code] else {
            throw OperatorFault("attribute to is data type \(code), which is not supported")
        }
        self.target = target
    }

    /// TensorProto.DataType.
    private static let types: [Int: ElementType] = [
        1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool, 10: .float16,
        11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
    ]

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [ConcreteFact(target, try operands.required(0).shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        Conversion.convert(try operands.required(0), into: result)
    }
}

/// What Cast and CastLike do.
enum Conversion {
    /// Converts every element to the result's type.
    static func convert(_ operand: OperandView, into result: ResultView) {
        switch operand.fact.elementType {
        case .float32: floats(operand.elements(Float.self).lazy.map(Double.init), result)
        case .float64: floats(operand.elements(Double.self), result)
        case .float16: floats(operand.elements(UInt16.self).lazy.map { Double(Float16(bitPattern: $0)) }, result)
        case .bfloat16:
            floats(operand.elements(UInt16.self).lazy.map { Double(Float(bitPattern: UInt32($0) << 16)) }, result)
        case .bool: integers(operand.elements(UInt8.self).lazy.map { $0 == 0 ? UInt8(0) : 1 }, result)
        case .uint8: integers(operand.elements(UInt8.self), result)
        case .uint16: integers(operand.elements(UInt16.self), result)
        case .uint32: integers(operand.elements(UInt32.self), result)
        case .uint64: integers(operand.elements(UInt64.self), result)
        case .int8: integers(operand.elements(Int8.self), result)
        case .int16: integers(operand.elements(Int16.self), result)
        case .int32: integers(operand.elements(Int32.self), result)
        case .int64: integers(operand.elements(Int64.self), result)
        }
    }

    /// Makes every element of a result the same number.
    static func fill(_ result: ResultView, with number: Double) {
        floats(repeatElement(number, count: result.shape.elementCount), result)
    }

    /// Every float type fits into a double exactly, and rounding from there equals rounding from the type itself.
    private static func floats(_ values: some Collection<Double>, _ result: ResultView) {
        switch result.fact.elementType {
        case .float32: write(values, result) { Float($0) }
        case .float64: write(values, result) { $0 }
        case .float16: write(values, result) { Float16($0).bitPattern }
        case .bfloat16: write(values, result) { BrainFormat.store(Float($0)) }
        case .bool: write(values, result) { UInt8($0 == 0 ? 0 : 1) }
        case .uint8: write(values, result, Self.saturating(UInt8.self))
        case .uint16: write(values, result, Self.saturating(UInt16.self))
        case .uint32: write(values, result, Self.saturating(UInt32.self))
        case .uint64: write(values, result, Self.saturating(UInt64.self))
        case .int8: write(values, result, Self.saturating(Int8.self))
        case .int16: write(values, result, Self.saturating(Int16.self))
        case .int32: write(values, result, Self.saturating(Int32.self))
        case .int64: write(values, result, Self.saturating(Int64.self))
        }
    }

    private static func integers<Number: FixedWidthInteger>(_ values: some Collection<Number>, _ result: ResultView) {
        switch result.fact.elementType {
        case .float32: write(values, result) { Float($0) }
        case .float64: write(values, result) { Double($0) }
        case .float16: write(values, result) { Float16($0).bitPattern }
        case .bfloat16: write(values, result) { BrainFormat.store(Float($0)) }
        case .bool: write(values, result) { UInt8($0 == 0 ? 0 : 1) }
        case .uint8: write(values, result) { UInt8(truncatingIfNeeded: $0) }
        case .uint16: write(values, result) { UInt16(truncatingIfNeeded: $0) }
        case .uint32: write(values, result) { UInt32(truncatingIfNeeded: $0) }
        case .uint64: write(values, result) { UInt64(truncatingIfNeeded: $0) }
        case .int8: write(values, result) { Int8(truncatingIfNeeded: $0) }
        case .int16: write(values, result) { Int16(truncatingIfNeeded: $0) }
        case .int32: write(values, result) { Int32(truncatingIfNeeded: $0) }
        case .int64: write(values, result) { Int64(truncatingIfNeeded: $0) }
        }
    }

    private static func write<Value, Number: TensorElement>(
        _ values: some Collection<Value>,
        _ result: ResultView,
        _ convert: (Value) -> Number
    ) {
        // `elements` rebinds the result's memory to integers of its elements' size, bool and 16-bit floats included.
        let target = result.elements(Number.self)
        for (index, value) in values.enumerated() { target[index] = convert(value) }
    }

    private static func saturating<Number: FixedWidthInteger>(_ type: Number.Type) -> (Double) -> Number {
        { Number(saturating: $0) }
    }
}
