/// ONNX GroupNormalization (opset 18 with scale and bias per group, 21 per channel): every group of channels to mean 0 and
/// variance 1.
package struct GroupNormalization: PlaneNormalization {
    package static let signature = OperatorSignature(
        "GroupNormalization",
        opsets: 18...21,
        inputs: 3...3,
        attributes: ["epsilon", "num_groups", "stash_type"]
    )

    package let epsilon: Float
    private let groups: Int
    private let isPerChannel: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        epsilon = try node.attributes.float("epsilon") ?? 1e-5
        isPerChannel = node.opset >= 21
        guard let groups = try node.attributes.int("num_groups"), groups > 0 else {
            throw OperatorFault("attribute num_groups is missing or not positive")
        }
        self.groups = groups
        let stash = try node.attributes.int("stash_type") ?? 1
        guard stash == 1 else {
            throw OperatorFault("attribute stash_type is \(stash), expected 1: statistics are computed in float32")
        }
    }

    package func parts(channels: Int) -> Int { groups }

    package func parameters(channels: Int) -> Int { isPerChannel ? channels : groups }
}
