package import PicketTensor

/// ONNX Dropout (opsets 7, 10, 12, 13) at inference: the operand itself, and the mask of what is kept, which is all.
package struct Dropout: ReshapingOperator {
    package static let signature = OperatorSignature(
        "Dropout",
        inputs: 1...3,
        outputs: 1...2,
        attributes: ["ratio", "seed"]
    )

    /// The mask had the operand's type once.
    private let hasPlainMask: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        hasPlainMask = node.opset >= 10
        _ = try node.attributes.float("ratio")
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("data", isOf: .floats)
        if let training = operands.optional(2), try training.known("training_mode").isTrue {
            // A ratio of zero drops nothing in training either; the default is one half.
            guard let ratio = operands.optional(1), try !ratio.known("ratio").isTrue else {
                throw OperatorFault("training_mode is true, expected false: dropping at random is no inference")
            }
        }
        return [operand.fact, ConcreteFact(hasPlainMask ? .bool : operand.elementType, operand.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let axis = try context.along([])
        return [axis, axis]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        var tensors = [try operands.required(0)]
        for fact in results.dropFirst() {
            var mask = Tensor(zeros: fact.elementType, shape: fact.shape)
            mask.withUnsafeMutableBytes { bytes in
                Conversion.fill(ResultView(fact: fact, bytes: bytes), with: 1)
            }
            tensors.append(mask)
        }
        return tensors
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        if node.node.outputs.first ?? nil != nil { try builder.alias(node.output(0), of: node.input(0)) }
        guard let mask = node.node.outputs.optional(1) else { return }
        let fact = try infer(node.operands)[1]
        let count = fact.shape.elementCount * fact.elementType.byteCount
        try builder.add(cost: Double(count) * Cost.copiedByte) { resolver throws(OperatorFault) in
            let target = try resolver.address(mask)
            return { space, _ in
                let memory = UnsafeMutableRawBufferPointer(start: target.mutable(space), count: count)
                Conversion.fill(ResultView(fact: fact, bytes: memory), with: 1)
            }
        }
    }
}

extension ConstantTensor {
    /// Whether any bit is set: true as a bool, other than zero as a number.
    fileprivate var isTrue: Bool { withUnsafeBytes { $0.contains { $0 != 0 } } }
}
