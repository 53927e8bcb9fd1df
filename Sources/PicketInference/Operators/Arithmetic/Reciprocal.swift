import CPicketKernels

/// ONNX Reciprocal (opsets 6, 13): 1 / x.
package struct Reciprocal: UnaryOperator {
    package static let signature = OperatorSignature("Reciprocal", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { 1 / x }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_RECIPROCAL) }
}
