package import PicketTensor

/// ONNX AveragePool (opsets 7, 10, 11, 19): the mean of each window over one to three spatial axes, with or without its
/// padding.
package struct AveragePool: Operator {
    package static let signature = OperatorSignature(
        "AveragePool",
        inputs: 1...1,
        attributes: ["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"]
    )

    let pooling: Pooling

    package init(_ node: NodeDescription) throws(OperatorFault) {
        pooling = try Pooling(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let result = try pooling.infer(operands)
        guard result.elementType.isFloatingPoint else {
            throw OperatorFault("X is \(result.elementType), expected a float type")
        }
        return [result]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let countsPadding = pooling.countsPadding
        let facts = operands.map { $0.map { OperandFact(ConcreteFact($0.elementType, $0.shape)) } }
        guard pooling.hasKernel(facts, wantsIndices: false) else {
            return try pooling.volume(facts, .average(countsPadding: countsPadding)).results(of: operands, results)
        }
        return [
            try pooling.evaluate(operands.required(0), results[0]) { inside, padded in
                Float(inside.reduce(0.0) { $0 + Double($1) } / Double(countsPadding ? padded : inside.count))
            }
        ]
    }
}
