import Glibc

/// ONNX ReduceLogSumExp (opsets 1, 11, 13 with attribute axes; 18 with operand axes): the logarithm of the sum of exp(x),
/// of nothing -infinity.
package struct ReduceLogSumExp: ReduceOperator {
    /// The sum is scaled by exp(-largest), so that no exponential overflows.
    package struct State: BitwiseCopyable, Sendable {
        var largest = -Double.infinity
        var sum = 0.0
    }

    package static let signature = OperatorSignature("ReduceLogSumExp", inputs: 1...2, attributes: attributes)
    package static let integers = IntegerReduction.doubles

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 18)
    }

    package var start: State { State() }

    package func step(_ state: inout State, _ x: Double) {
        if x == state.largest {
            // Infinities of one sign, whose difference is none.
            if x > -.infinity { state.sum += 1 }
        } else if x < state.largest {
            state.sum += exp(x - state.largest)
        } else {
            state.sum = state.sum * exp(state.largest - x) + 1
            state.largest = x
        }
    }

    package func finish(_ state: State, count: Int) -> Double { state.largest + log(state.sum) }
}
