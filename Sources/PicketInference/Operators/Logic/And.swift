package import PicketTensor

/// ONNX And (opset 7): both, with broadcasting.
package struct And: BinaryOperator {
    package static let signature = OperatorSignature("And", inputs: 2...2)
    package static let types: Set<ElementType> = [.bool]

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        left != 0 && right != 0 ? 1 : 0
    }
}
