package import PicketTensor

/// ONNX EyeLike (opset 9): ones on a diagonal of a matrix of the operand's shape.
package struct EyeLike: MovementOperator {
    package static let signature = OperatorSignature(
        "EyeLike",
        opsets: 9...21,
        inputs: 1...1,
        attributes: ["dtype", "k"]
    )

    private let type: ElementType?
    private let diagonal: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        type = try node.attributes.elementType("dtype")
        diagonal = try node.attributes.int("k") ?? 0
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        guard operand.shape.rank == 2 else { throw OperatorFault("input has shape \(operand.shape), expected rank 2") }
        return [ConcreteFact(type ?? operand.elementType, operand.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: a diagonal differs by row")
    }

    /// The content of the operand does not matter.
    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        guard let operand = operands.first ?? nil else { return nil }
        return try evaluate([Tensor(zeros: operand.elementType, shape: operand.shape)], results: results)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let shape = results[0].shape
        let (rows, columns, diagonal) = (shape[0], shape[1], diagonal)
        let size = results[0].elementType.byteCount
        let one = try results[0].elementType.one()
        return Movement(cost: Double(rows * columns * size) * Cost.copiedByte) { memory, _ in
            let result = memory.result
            result.initializeMemory(as: UInt8.self, repeating: 0, count: rows * columns * size)
            for row in 0..<rows {
                // A hostile diagonal lies far outside.
                let (column, overflow) = row.addingReportingOverflow(diagonal)
                guard !overflow, column >= 0, column < columns else { continue }
                one.withUnsafeBytes { bytes in
                    guard let source = bytes.baseAddress else { return }
                    (result + (row * columns + column) * size).copyMemory(from: source, byteCount: size)
                }
            }
        }
    }
}

extension ElementType {
    /// The bytes of 1 (true, for bool).
    func one() throws(OperatorFault) -> [UInt8] {
        self == .bool ? [1] : try visit(BytesOf(number: 1))
    }
}

/// The bytes of a number in an element type.
struct BytesOf: FormatVisitor {
    var number: Double

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> [UInt8] {
        withUnsafeBytes(of: Format.store(Format.number(number))) { Array($0) }
    }
}

extension NodeAttributes {
    /// An attribute that holds a TensorProto.DataType.
    func elementType(_ name: String) throws(OperatorFault) -> ElementType? {
        guard let code = try int(name) else { return nil }
        let types: [Int: ElementType] = [
            1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool, 10: .float16,
            11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
        ]
        guard let type = types[code] else {
            throw OperatorFault("attribute \(name) is data type \(code), which is not supported")
        }
        return type
    }
}
