import CPicketKernels

/// ONNX Ceil (opsets 6, 13).
package struct Ceil: UnaryOperator {
    package static let signature = OperatorSignature("Ceil", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x.rounded(.up) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_CEIL) }
}
