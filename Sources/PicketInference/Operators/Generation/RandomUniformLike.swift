package import PicketTensor

/// ONNX RandomUniformLike (opset 1) with a seed: numbers between two bounds in the shape of the operand, the same in
/// every run; see ``RandomSource``.
package struct RandomUniformLike: RandomLikeOperator {
    package static let signature = OperatorSignature(
        "RandomUniformLike",
        inputs: 1...1,
        attributes: ["dtype", "high", "low", "seed"]
    )

    package let fill: RandomFill
    package let type: ElementType?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(uniform: node))
        type = try RandomFill.elementType(node, else: nil)
    }
}
