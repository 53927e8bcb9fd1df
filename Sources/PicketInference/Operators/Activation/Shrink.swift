package import PicketTensor

/// ONNX Shrink (opset 9): x + bias below -lambd, x - bias above lambd, 0 between; integers by way of doubles.
package struct Shrink: UnaryOperator {
    package static let signature = OperatorSignature(
        "Shrink",
        opsets: 9...21,
        inputs: 1...1,
        attributes: ["bias", "lambd"]
    )
    package static let types: Set<ElementType> = .numbers

    private let bias: Float
    private let lambd: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        bias = try node.attributes.float("bias") ?? 0
        lambd = try node.attributes.float("lambd") ?? 0.5
    }

    package func apply(_ x: Double) -> Double {
        x.isNaN ? x : x < -Double(lambd) ? x + Double(bias) : x > Double(lambd) ? x - Double(bias) : 0
    }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { Number(saturating: apply(Double(x))) }
}
