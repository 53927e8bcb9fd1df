package import PicketTensor

/// ONNX BitwiseNot (opset 18).
package struct BitwiseNot: UnaryOperator {
    package static let signature = OperatorSignature("BitwiseNot", opsets: 18...21, inputs: 1...1)
    package static let types: Set<ElementType> = .integers

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { ~x }
}
