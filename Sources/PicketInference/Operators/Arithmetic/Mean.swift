package import CPicketKernels
package import PicketTensor

/// ONNX Mean (opsets 6, 8, 13) with broadcasting: the operands' sum divided by their number.
package struct Mean: VariadicOperator {
    package static let signature = OperatorSignature("Mean", inputs: 1...Int.max)
    package static let types: Set<ElementType> = .floats
    package static let kernel = PICKET_BINARY_ADD
    package static let isMean = true

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func apply(_ left: Double, _ right: Double) -> Double { left + right }

    package static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number { left &+ right }
}
