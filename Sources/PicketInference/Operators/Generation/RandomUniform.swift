/// ONNX RandomUniform (opset 1) with a seed: numbers between two bounds, the same in every run; see ``RandomSource``.
package struct RandomUniform: RandomOperator {
    package static let signature = OperatorSignature(
        "RandomUniform",
        inputs: 0...0,
        attributes: ["dtype", "high", "low", "seed", "shape"]
    )

    package let fill: RandomFill
    package let fact: ConcreteFact

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(uniform: node))
        fact = try Self.fact(node)
    }
}
