import CPicketKernels
import Glibc
import PicketTensor

/// ONNX Pow (opsets 7, 12, 13, 15): the base, of the result's type, to the power of an exponent of any type.
///
/// Integers to the power of whole numbers from 0 on wrap; other powers of integers are those of doubles, towards zero, or
/// the nearest number that fits.
package struct Pow: ComputeOperator {
    package static let signature = OperatorSignature("Pow", inputs: 2...2)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (base, exponent) = (try operands.required(0), try operands.required(1))
        try base.check("X", isOf: .numbers)
        try exponent.check("Y", isOf: .numbers)
        return [try .checked(base.elementType, try Broadcast.shape(base.shape, exponent.shape))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let (base, exponent) = (try operands.required(0), try operands.required(1))
        let body = PowBody(base: base, exponents: try exponent.doubles(), shape: exponent.shape, result: result)
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (base, exponent) = (try node.operands.required(0), try node.operands.required(1))
        guard base.elementType == .float32, exponent.elementType == .float32, let result = node.results.first else {
            return try builder.compute(self, node, cost: Cost.reference)
        }
        if let constant = exponent.constant, exponent.shape.elementCount == 1, result.shape == base.shape {
            let power = constant.tensor().elements(of: Float.self)[0]
            return try builder.unary(.transcendental(PICKET_UNARY_POWER, alpha: power), node)
        }
        let broadcast = Broadcast(base.shape, exponent.shape, result: result.shape)
        try builder.reuse(node.input(0), for: node.output(0))
        try builder.binary(PICKET_BINARY_POWER, broadcast, node.input(0), node.input(1), node.output(0))
    }
}

private struct PowBody: NumberBody {
    let base: OperandView
    let exponents: [Double]
    /// Of the exponents.
    let shape: Shape
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try forEach(type) { Number(pow(Double($0), $1)) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try forEach(type) { base, exponent in
            guard exponent >= 0, let whole = UInt64(exactly: exponent) else {
                return Number(saturating: pow(Double(base), exponent))
            }
            var (power, square, rest) = (1 as Number, base, whole)
            while rest > 0 {
                if rest & 1 == 1 { power &*= square }
                square &*= square
                rest >>= 1
            }
            return power
        }
    }

    private func forEach<Number: TensorElement>(
        _ type: Number.Type,
        _ apply: (Number, Double) -> Number
    ) throws(OperatorFault) {
        let y = result.elements(type)
        let broadcast = Broadcast(base.shape, shape, result: result.shape)
        // The exponents outlive the loop: they are this body's own.
        let pointer = UnsafeMutableBufferPointer<Double>.allocate(capacity: exponents.count)
        defer { pointer.deallocate() }
        _ = pointer.initialize(from: exponents)
        try broadcast.forEach(base.elements(type), UnsafeBufferPointer(pointer)) { index, base, exponent in
            y[index] = apply(base, exponent)
        }
    }
}
