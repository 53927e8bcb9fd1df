import PicketTensor

/// ONNX LpPool (opsets 2, 11, 18): the p-norm of each window over one to three spatial axes.
package struct LpPool: MovementOperator {
    package static let signature = OperatorSignature(
        "LpPool",
        inputs: 1...1,
        attributes: ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides"]
    )

    private let window: Window
    private let power: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        window = try Window(node.attributes)
        power = try node.attributes.int("p") ?? 2
        guard power >= 1, power <= 1 << 20 else { throw OperatorFault("attribute p is \(power), expected 1 or more") }
        guard node.opset >= 18 || node.attributes.names.isDisjoint(with: ["ceil_mode", "dilations"]) else {
            throw OperatorFault(
                "attributes ceil_mode and dilations in opset \(node.opset), expected none before opset 18"
            )
        }
    }

    private func geometry(_ input: Shape) throws(OperatorFault) -> Window.Geometry {
        guard input.rank >= 3 else { throw OperatorFault("X has shape \(input), expected rank 3 to 5") }
        return try window.geometry(over: Array(input.dimensions.dropFirst(2)), ranks: 1...3)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let x = try operands.required(0)
        guard x.elementType.isFloatingPoint else { throw OperatorFault("X is \(x.elementType), expected a float type") }
        return [try .checked(x.elementType, x.shape.dimensions.prefix(2) + geometry(x.shape).output)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        guard results[0].shape.elementCount > 0 else { return Movement(cost: 0) { _, _ in } }
        let shape = try operands.required(0).shape
        return try results[0].elementType.visit(VolumePooling(geometry(shape), shape, .power(Double(power))))
    }
}
