package import PicketTensor

/// ONNX RandomNormalLike (opset 1) with a seed: numbers of a normal distribution in the shape of the operand, the same in
/// every run; see ``RandomSource``.
package struct RandomNormalLike: RandomLikeOperator {
    package static let signature = OperatorSignature(
        "RandomNormalLike",
        inputs: 1...1,
        attributes: ["dtype", "mean", "scale", "seed"]
    )

    package let fill: RandomFill
    package let type: ElementType?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(normal: node))
        type = try RandomFill.elementType(node, else: nil)
    }
}
