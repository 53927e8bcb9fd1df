package import PicketTensor

/// ONNX Xor (opset 7): one and not the other, with broadcasting.
package struct Xor: BinaryOperator {
    package static let signature = OperatorSignature("Xor", inputs: 2...2)
    package static let types: Set<ElementType> = [.bool]

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        (left != 0) != (right != 0) ? 1 : 0
    }
}
