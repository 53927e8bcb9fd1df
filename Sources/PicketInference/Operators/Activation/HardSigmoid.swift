import PicketTensor

/// ONNX HardSigmoid (opset 6) on float32: max(0, min(1, alpha · x + beta)).
package struct HardSigmoid: ComputeOperator {
    package static let signature = OperatorSignature("HardSigmoid", inputs: 1...1, attributes: ["alpha", "beta"])

    private let alpha: Float
    private let beta: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 0.2
        beta = try node.attributes.float("beta") ?? 0.5
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        _ = try operand.float32("X")
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let x = try operands.required(0).elements(Float.self)
        let y = result.elements(Float.self)
        for index in x.indices {
            let line = alpha * x[index] + beta
            y[index] = line.isNaN ? line : max(0, min(1, line))
        }
    }
}
