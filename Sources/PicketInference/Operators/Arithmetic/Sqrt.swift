import CPicketKernels

/// ONNX Sqrt (opsets 6, 13): NaN below zero.
package struct Sqrt: UnaryOperator {
    package static let signature = OperatorSignature("Sqrt", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x.squareRoot() }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_SQRT) }
}
