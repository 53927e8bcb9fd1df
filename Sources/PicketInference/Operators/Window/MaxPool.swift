package import PicketTensor

/// ONNX MaxPool (opsets 1, 8, 10, 11, 12) on float32: the largest element of each window, padding left out. Indices are
/// not computed.
package struct MaxPool: Operator {
    package static let signature = OperatorSignature(
        "MaxPool",
        inputs: 1...1,
        outputs: 1...2,
        attributes: ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"]
    )

    let pooling: Pooling

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.outputs.count < 2 || !node.outputs[1] else {
            throw OperatorFault("output 1, the indices, is not supported")
        }
        pooling = try Pooling(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let result = try pooling.infer(operands)
        return [result, ConcreteFact(.int64, result.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        [
            try pooling.evaluate(operands.required(0), results[0]) { inside, _ in
                inside.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
            }
        ]
    }
}
