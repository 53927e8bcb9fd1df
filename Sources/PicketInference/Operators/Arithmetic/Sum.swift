package import CPicketKernels
package import PicketTensor

/// ONNX Sum (opsets 6, 8, 13) with broadcasting.
package struct Sum: VariadicOperator {
    package static let signature = OperatorSignature("Sum", inputs: 1...Int.max)
    package static let types: Set<ElementType> = .floats
    package static let kernel = PICKET_BINARY_ADD

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func apply(_ left: Double, _ right: Double) -> Double { left + right }

    package static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number { left &+ right }
}
