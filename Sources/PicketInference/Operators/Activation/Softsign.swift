import CPicketKernels

/// ONNX Softsign (opset 1): x / (1 + |x|).
package struct Softsign: UnaryOperator {
    package static let signature = OperatorSignature("Softsign", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x / (1 + x.magnitude) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_SOFTSIGN) }
}
