import CPicketKernels

/// ONNX Floor (opsets 6, 13).
package struct Floor: UnaryOperator {
    package static let signature = OperatorSignature("Floor", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x.rounded(.down) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_FLOOR) }
}
