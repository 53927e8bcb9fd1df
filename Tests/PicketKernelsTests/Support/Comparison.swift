import CPicketKernels
import Glibc
import Testing

/// All values have the same bits; any NaN equals any other.
func expectSameBits(
    _ actual: [Float],
    _ expected: [Float],
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(what): \(actual.count) values instead of \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let wrong = actual.indices.first { index in
        let (a, e) = (actual[index], expected[index])
        return a.bitPattern != e.bitPattern && !(a.isNaN && e.isNaN)
    }
    if let wrong {
        Issue.record(
            "\(what): element \(wrong) is \(actual[wrong]) instead of \(expected[wrong])",
            sourceLocation: sourceLocation
        )
    }
}

/// Each value is within `tolerance` of the exact one; NaN only where it is NaN, infinite only where it is infinite.
func expectClose(
    _ actual: [Float],
    _ expected: [Double],
    tolerance: Double,
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(what): \(actual.count) values instead of \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let wrong = actual.indices.first { index in
        let (a, e) = (Double(actual[index]), expected[index])
        if e.isNaN || e.isInfinite {
            return !(a == e || (a.isNaN && e.isNaN))
        }
        return !(abs(a - e) <= tolerance)
    }
    if let wrong {
        Issue.record(
            "\(what): element \(wrong) is \(actual[wrong]) instead of \(expected[wrong])",
            sourceLocation: sourceLocation
        )
    }
}

/// The activation as its definition has it, in double precision.
func activated(_ x: Double, _ activation: picket_activation, _ alpha: Float, _ beta: Float) -> Double {
    if x.isNaN {
        return x
    }
    switch activation {
    case PICKET_ACTIVATION_RELU: return max(x, 0)
    case PICKET_ACTIVATION_LEAKY_RELU: return x < 0 ? Double(alpha) * x : x
    case PICKET_ACTIVATION_CLIP: return min(max(x, Double(alpha)), Double(beta))
    case PICKET_ACTIVATION_HARD_SWISH: return x * min(max(x / 6 + 0.5, 0), 1)
    case PICKET_ACTIVATION_SIGMOID: return 1 / (1 + exp(-x))
    case PICKET_ACTIVATION_SILU: return x / (1 + exp(-x))
    case PICKET_ACTIVATION_GELU: return x / 2 * erfc(-x / 2.0.squareRoot())
    default: return x
    }
}

let everyActivation = [
    PICKET_ACTIVATION_NONE, PICKET_ACTIVATION_RELU, PICKET_ACTIVATION_LEAKY_RELU, PICKET_ACTIVATION_CLIP,
    PICKET_ACTIVATION_HARD_SWISH, PICKET_ACTIVATION_SIGMOID, PICKET_ACTIVATION_SILU, PICKET_ACTIVATION_GELU,
]
