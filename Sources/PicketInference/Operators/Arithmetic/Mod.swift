import Glibc
package import PicketTensor

/// ONNX Mod (opsets 10, 13) with broadcasting: the remainder has the sign of the divisor, or with fmod of the dividend;
/// floats take fmod only. An integer by zero is a fault of the run.
package struct Mod: BinaryOperator {
    package static let signature = OperatorSignature("Mod", opsets: 10...21, inputs: 2...2, attributes: ["fmod"])
    package static let types: Set<ElementType> = .numbers

    private let isTruncating: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        isTruncating = try node.attributes.flag("fmod", default: false)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        try Broadcast.check(left, right, areOf: isTruncating ? .numbers : .integers)
        return [try .checked(left.elementType, try Broadcast.shape(left.shape, right.shape))]
    }

    package func apply(_ left: Double, _ right: Double) -> Double { fmod(left, right) }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) throws(OperatorFault) -> Number {
        guard right != 0 else { throw OperatorFault("divides \(left) by \(right)") }
        // The smallest number by -1 overflows as a quotient, not as a remainder.
        let rest = left.remainderReportingOverflow(dividingBy: right).partialValue
        return isTruncating || rest == 0 || (rest < 0) == (right < 0) ? rest : rest &+ right
    }
}
