import CPicketKernels
import Glibc

/// ONNX Gelu (opset 20): x / 2 · (1 + erf(x / √2)), or with approximate = tanh
/// x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))).
package struct Gelu: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature(
        "Gelu",
        opsets: 20...21,
        inputs: 1...1,
        attributes: ["approximate"]
    )

    private let usesTanh: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        let name = try node.attributes.string("approximate") ?? "none"
        guard name == "none" || name == "tanh" else {
            throw OperatorFault("attribute approximate is \(name.quotedForMessage), expected none or tanh")
        }
        usesTanh = name == "tanh"
    }

    /// The function itself, for passes that find it in a graph.
    package init(usesTanh: Bool) { self.usesTanh = usesTanh }

    package func apply(_ x: Double) -> Double {
        usesTanh ? x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) : Activation.gelu(x)
    }

    package var kernel: UnaryKernel? { .transcendental(usesTanh ? PICKET_UNARY_GELU_TANH : PICKET_UNARY_GELU) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { usesTanh ? nil : .gelu }
}
