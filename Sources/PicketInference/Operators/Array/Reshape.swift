/// ONNX Reshape (opsets 5, 13, 14, 19, 21): 0 copies an extent (unless `allowzero`), one -1 is inferred.
package struct Reshape: ReshapingOperator {
    package static let signature = OperatorSignature("Reshape", inputs: 2...2, attributes: ["allowzero"])

    package var shapeOperands: Set<Int> { [1] }

    /// Whether 0 means an extent of zero.
    let allowsZero: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        allowsZero = try node.attributes.flag("allowzero", default: false)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        var extents = try operands.required(1).integers("shape")
        for (axis, extent) in extents.enumerated() where extent == 0 && !allowsZero {
            guard axis < operand.shape.rank else {
                throw OperatorFault("shape \(extents) copies axis \(axis), but the data has shape \(operand.shape)")
            }
            extents[axis] = operand.shape[axis]
        }
        if let open = extents.firstIndex(of: -1) {
            extents[open] = 1
            let known = try ConcreteFact.checked(operand.elementType, extents).shape.elementCount
            guard known > 0, operand.shape.elementCount.isMultiple(of: known) else {
                throw OperatorFault("shape \(extents) with one extent open does not divide \(operand.shape)")
            }
            extents[open] = operand.shape.elementCount / known
        }
        let result = try ConcreteFact.checked(operand.elementType, extents)
        guard result.shape.elementCount == operand.shape.elementCount else {
            throw OperatorFault("\(operand.shape) does not reshape to \(result.shape)")
        }
        return [result]
    }
}
