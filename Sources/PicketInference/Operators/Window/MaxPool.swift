package import PicketTensor

/// ONNX MaxPool (opsets 1, 8, 10, 11, 12): the largest element of each window over one to three spatial axes, padding left
/// out; where it was.
package struct MaxPool: Operator {
    package static let signature = OperatorSignature(
        "MaxPool",
        inputs: 1...1,
        outputs: 1...2,
        attributes: ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"]
    )

    let pooling: Pooling
    let wantsIndices: Bool
    let firstAxisFastest: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        wantsIndices = node.outputs.count > 1 && node.outputs[1]
        firstAxisFastest = try node.attributes.flag("storage_order", default: false)
        pooling = try Pooling(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let result = try pooling.infer(operands)
        guard result.elementType.isFloatingPoint || [.int8, .uint8].contains(result.elementType) else {
            throw OperatorFault("X is \(result.elementType), expected a float type, int8 or uint8")
        }
        return [result, ConcreteFact(.int64, result.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        guard !wantsIndices else { throw OperatorFault("mixes rows: indices count among all of them") }
        return try context.onlyOperands([0], carryRows: 0)
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let facts = operands.map { $0.map { OperandFact(ConcreteFact($0.elementType, $0.shape)) } }
        guard pooling.hasKernel(facts, wantsIndices: wantsIndices) else {
            return try pooling.volume(facts, .maximum(firstAxisFastest: firstAxisFastest)).results(
                of: operands,
                results
            )
        }
        return [
            try pooling.evaluate(operands.required(0), results[0]) { inside, _ in
                inside.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
            }
        ]
    }
}
