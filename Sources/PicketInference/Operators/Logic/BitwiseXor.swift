package import PicketTensor

/// ONNX BitwiseXor (opset 18): a ^ b with broadcasting.
package struct BitwiseXor: BinaryOperator {
    package static let signature = OperatorSignature("BitwiseXor", opsets: 18...21, inputs: 2...2)
    package static let types: Set<ElementType> = .integers

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number { left ^ right }
}
