/// ONNX Dropout (opsets 7, 10, 12, 13) at inference: the operand itself. The mask is not computed.
package struct Dropout: ReshapingOperator {
    package static let signature = OperatorSignature(
        "Dropout",
        inputs: 1...3,
        outputs: 1...2,
        attributes: ["ratio", "seed"]
    )

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.outputs.count < 2 || !node.outputs[1] else {
            throw OperatorFault("output 1, the mask, is not supported")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        if let training = operands.optional(2) {
            let constant = try training.known("training_mode")
            guard !constant.withUnsafeBytes({ $0.contains { $0 != 0 } }) else {
                throw OperatorFault("training_mode is true, expected false: dropping at random is no inference")
            }
        }
        let fact = try operands.required(0).fact
        return [fact, ConcreteFact(.bool, fact.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }
}
