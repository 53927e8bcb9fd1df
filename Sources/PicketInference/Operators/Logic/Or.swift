package import PicketTensor

/// ONNX Or (opset 7): one at least, with broadcasting.
package struct Or: BinaryOperator {
    package static let signature = OperatorSignature("Or", inputs: 2...2)
    package static let types: Set<ElementType> = [.bool]

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        left != 0 || right != 0 ? 1 : 0
    }
}
