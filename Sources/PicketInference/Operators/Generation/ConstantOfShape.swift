import PicketTensor

/// ONNX ConstantOfShape (opsets 9, 20, 21): one value everywhere.
package struct ConstantOfShape: MovementOperator, RepeatingOperator {
    package static let signature = OperatorSignature(
        "ConstantOfShape",
        opsets: 9...21,
        inputs: 1...1,
        attributes: ["value"]
    )

    package var shapeOperands: Set<Int> { [0] }

    private let value: Tensor

    package init(_ node: NodeDescription) throws(OperatorFault) {
        switch node.attributes["value"] {
        case nil: value = Tensor([Float(0)], shape: Shape([1]))
        case .tensor(let tensor)?:
            guard tensor.shape.elementCount == 1 else {
                throw OperatorFault("attribute value has shape \(tensor.shape), expected one element")
            }
            value = tensor.tensor()
        case let other?: throw OperatorFault("attribute value is of kind \(other.kind), expected TENSOR")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(value.elementType, operands.required(0).integers("input"))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: makes a shape of what differs by row")
    }

    package func repeatedAxes(_ operands: [OperandFact?], _ result: ConcreteFact) -> Set<Int> {
        Set(result.shape.dimensions.indices)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (value, count, size) = (value, results[0].shape.elementCount, value.elementType.byteCount)
        return Movement(cost: Double(count * size) * Cost.copiedByte) { memory, _ in
            let result = memory.result
            value.withUnsafeBytes { bytes in
                guard let source = bytes.baseAddress else { return }
                for element in 0..<count { (result + element * size).copyMemory(from: source, byteCount: size) }
            }
        }
    }
}
