package import CPicketKernels
package import PicketTensor

/// ONNX PRelu (opsets 7, 9, 16): x < 0 ? slope · x : x, the slopes stretched over x.
package struct PRelu: BinaryOperator {
    package static let signature = OperatorSignature("PRelu", inputs: 2...2)
    package static let types: Set<ElementType> = .numbers
    package static let kernel: picket_binary? = PICKET_BINARY_PRELU

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (x, slope) = (try operands.required(0), try operands.required(1))
        try Broadcast.check(x, slope, areOf: Self.types)
        guard try Broadcast.shape(x.shape, slope.shape) == x.shape.dimensions else {
            throw OperatorFault("slopes of \(slope.shape) do not stretch over \(x.shape)")
        }
        return [x.fact]
    }

    package func apply(_ left: Double, _ right: Double) -> Double { left < 0 ? left * right : left }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        left < 0 ? left &* right : left
    }
}
