package import PicketTensor

/// ONNX Not (opset 1).
package struct Not: UnaryOperator {
    package static let signature = OperatorSignature("Not", inputs: 1...1)
    package static let types: Set<ElementType> = [.bool]

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x == 0 ? 1 : 0 }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { x == 0 ? 1 : 0 }
}
