/// ONNX RandomNormal (opset 1) with a seed: numbers of a normal distribution, the same in every run; see ``RandomSource``.
package struct RandomNormal: RandomOperator {
    package static let signature = OperatorSignature(
        "RandomNormal",
        inputs: 0...0,
        attributes: ["dtype", "mean", "scale", "seed", "shape"]
    )

    package let fill: RandomFill
    package let fact: ConcreteFact

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(normal: node))
        fact = try Self.fact(node)
    }
}
