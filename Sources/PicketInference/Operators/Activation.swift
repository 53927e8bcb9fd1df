import CPicketKernels
import Glibc

/// An activation that a convolution or matrix product applies to each element on its way out.
package enum Activation: Sendable, Hashable {
    case none
    /// max(x, 0)
    case relu
    /// x < 0 ? alpha · x : x
    case leakyRelu(alpha: Float)
    /// min(max(x, lower), upper)
    case clip(lower: Float, upper: Float)
    /// x · min(max(x / 6 + 1 / 2, 0), 1)
    case hardSwish
    /// 1 / (1 + exp(-x))
    case sigmoid
    /// x / (1 + exp(-x))
    case silu
    /// x / 2 · (1 + erf(x / √2))
    case gelu

    var kernel: picket_activation {
        switch self {
        case .none: PICKET_ACTIVATION_NONE
        case .relu: PICKET_ACTIVATION_RELU
        case .leakyRelu: PICKET_ACTIVATION_LEAKY_RELU
        case .clip: PICKET_ACTIVATION_CLIP
        case .hardSwish: PICKET_ACTIVATION_HARD_SWISH
        case .sigmoid: PICKET_ACTIVATION_SIGMOID
        case .silu: PICKET_ACTIVATION_SILU
        case .gelu: PICKET_ACTIVATION_GELU
        }
    }

    /// The kernel's parameters.
    var parameters: (alpha: Float, beta: Float) {
        switch self {
        case .none, .relu, .hardSwish, .sigmoid, .silu, .gelu: (0, 0)
        case .leakyRelu(let alpha): (alpha, 0)
        case .clip(let lower, let upper): (lower, upper)
        }
    }

    /// The reference, NaN stays NaN.
    func callAsFunction(_ x: Double) -> Double {
        switch self {
        case .none: x
        case .relu: x < 0 ? 0 : x
        case .leakyRelu(let alpha): x < 0 ? Double(alpha) * x : x
        case .clip(let lower, let upper): x.isNaN ? x : min(max(x, Double(lower)), Double(upper))
        case .hardSwish: x.isNaN ? x : x * min(max(x / 6 + 0.5, 0), 1)
        case .sigmoid: 1 / (1 + exp(-x))
        case .silu: x / (1 + exp(-x))
        case .gelu: x / 2 * (1 + erf(x * 0.5.squareRoot()))
        }
    }

    /// The reference of a float32.
    func callAsFunction(_ x: Float) -> Float { Float(self(Double(x))) }
}

/// An element-wise operator that another can take over as its last act.
package protocol ActivationOperator: Operator {
    /// What to apply to operand 0; nil where its parameters are not known before a run.
    func activation(_ operands: [OperandFact?]) -> Activation?
}

/// An operator that can end with an activation: result = activation(own result).
package protocol ActivationFusingOperator: Operator {
    /// What the operator ends with.
    var activation: Activation { get }

    /// The same operator ending with an activation, in place of none.
    func fusing(_ activation: Activation) -> Self
}

/// An operator that can end with an addition of equal shape and an activation:
/// result = activation(own result + residual).
package protocol FusingOperator: ActivationFusingOperator {
    /// Whether a residual is added before the activation.
    var addsResidual: Bool { get }

    /// The operand's position that the residual takes, after all of ONNX's own; those left out before it are nil.
    static var residualPosition: Int { get }

    /// The same operator with a residual of the result's shape and type as its last operand. Only where it ends with no
    /// activation yet.
    func addingResidual() -> Self
}
