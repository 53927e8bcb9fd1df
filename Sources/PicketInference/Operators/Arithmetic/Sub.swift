package import CPicketKernels
package import PicketTensor

/// ONNX Sub (opsets 7, 13, 14): a - b with broadcasting; integers wrap.
package struct Sub: BinaryOperator {
    package static let signature = OperatorSignature("Sub", inputs: 2...2)
    package static let types: Set<ElementType> = .numbers
    package static let kernel: picket_binary? = PICKET_BINARY_SUBTRACT

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ left: Double, _ right: Double) -> Double { left - right }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number { left &- right }
}
