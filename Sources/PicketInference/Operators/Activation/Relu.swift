import CPicketKernels
package import PicketTensor

/// ONNX Relu (opsets 6, 13, 14): max(x, 0).
package struct Relu: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("Relu", inputs: 1...1)
    package static let types: Set<ElementType> = Set.floats.union(Set.signedIntegers)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { Activation.relu(x) }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { max(x, 0) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_RELU) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .relu }
}
