import CPicketKernels

/// ONNX Round (opset 11): to the nearest integer, halves to the even one.
package struct Round: UnaryOperator {
    package static let signature = OperatorSignature("Round", opsets: 11...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_ROUND) }
}
