/// ONNX InstanceNormalization (opset 6): every plane of [N, C, …] to mean 0 and variance 1, then scale and bias per channel.
package struct InstanceNormalization: PlaneNormalization {
    package static let signature = OperatorSignature(
        "InstanceNormalization",
        inputs: 3...3,
        attributes: ["epsilon"]
    )

    package let epsilon: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        epsilon = try node.attributes.float("epsilon") ?? 1e-5
    }

    package func parts(channels: Int) -> Int { max(channels, 1) }

    package func parameters(channels: Int) -> Int { channels }
}
