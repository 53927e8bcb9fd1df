/// ONNX Flatten (opsets 1, 9, 11, 13, 21): two axes, cut before `axis`.
package struct Flatten: ReshapingOperator {
    package static let signature = OperatorSignature("Flatten", inputs: 1...1, attributes: ["axis"])

    private let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 1
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        let rank = operand.shape.rank
        guard axis >= -rank, axis <= rank else {
            throw OperatorFault("attribute axis is \(axis), expected \(-rank) to \(rank)")
        }
        let cut = axis < 0 ? axis + rank : axis
        let dimensions = operand.shape.dimensions
        return [
            try .checked(
                operand.elementType,
                [dimensions[..<cut].reduce(1, *), dimensions[cut...].reduce(1, *)]
            )
        ]
    }
}
