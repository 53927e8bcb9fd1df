import CPicketKernels

/// A mixture of Gaussians with full covariances, evaluated at sixteen points at once. The same bits on every CPU but for what
/// the C library's exponential and logarithm differ.
public struct GaussianMixture: Sendable, Hashable {
    /// Points that are evaluated together.
    public static let lanes = Int(PICKET_LANES)

    /// Largest dimension.
    public static let dimensionLimit = Int(PICKET_MIXTURE_DIMENSION_MAX)

    public let dimension: Int
    /// ln weight − ½ ln det 2πΣ of each Gaussian.
    public let constants: [Float]
    /// Mean of each, dimension numbers.
    public let means: [Float]
    /// L⁻¹ of each covariance Σ = L Lᵀ, packed row after row up to the diagonal.
    public let whitenings: [Float]

    /// - Precondition: there is a Gaussian, every array has its size, and the dimension is from 1 to ``dimensionLimit``.
    public init(dimension: Int, constants: [Float], means: [Float], whitenings: [Float]) {
        precondition(
            (1...GaussianMixture.dimensionLimit).contains(dimension),
            "a mixture has a dimension within bounds"
        )
        precondition(
            !constants.isEmpty && means.count == constants.count * dimension
                && whitenings.count == constants.count * CholeskyFactor.packedCount(dimension),
            "a mixture's arrays have their sizes"
        )
        self.dimension = dimension
        self.constants = constants
        self.means = means
        self.whitenings = whitenings
    }

    /// Gaussians.
    public var size: Int { constants.count }

    /// Evaluates the mixture at sixteen points.
    ///
    /// - Parameters:
    ///   - points: number d of point p at 16 d + p.
    ///   - densities: written: the weighted log-density of Gaussian g at point p at 16 g + p, far below where it does not count.
    ///   - likelihoods: written: the negative log-likelihood of each point.
    /// - Precondition: the arrays have 16 × dimension, 16 × size and 16 numbers.
    public func evaluate(_ points: [Float], densities: inout [Float], likelihoods: inout [Float]) {
        let lanes = GaussianMixture.lanes
        precondition(
            points.count == lanes * dimension && densities.count == lanes * size && likelihoods.count == lanes,
            "a mixture's points and results have their sizes"
        )
        let kernel = picket_lanes_best().pointee.mixture
        // Sound because every array holds what the kernel's contract says, which the preconditions here and in init saw to.
        densities.withUnsafeMutableBufferPointer { densities in
            likelihoods.withUnsafeMutableBufferPointer { likelihoods in
                guard let densities = densities.baseAddress, let likelihoods = likelihoods.baseAddress else { return }
                kernel(points, dimension, size, constants, means, whitenings, densities, likelihoods)
            }
        }
    }
}
