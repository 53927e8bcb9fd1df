import CPicketKernels

/// A mixture of Gaussians with full covariances, evaluated at many points at once. The same bits on every CPU.
public struct GaussianMixture: Sendable, Hashable {
    /// Points that are evaluated together.
    public static let lanes = Int(PICKET_LANES)

    /// Most Gaussians.
    public static let sizeLimit = Int(PICKET_MIXTURE_SIZE_MAX)

    /// Largest dimension.
    public static let dimensionLimit = Int(PICKET_MIXTURE_DIMENSION_MAX)

    public let dimension: Int
    /// ln weight − ½ ln det 2πΣ of each Gaussian.
    public let constants: [Float]
    /// Mean of each, dimension numbers.
    public let means: [Float]
    /// L⁻¹ of each covariance Σ = L Lᵀ, packed row after row up to the diagonal.
    public let whitenings: [Float]

    /// - Precondition: there are 1 to ``sizeLimit`` Gaussians, every array has its size, and the dimension is from 1 to
    ///   ``dimensionLimit``.
    public init(dimension: Int, constants: [Float], means: [Float], whitenings: [Float]) {
        precondition(
            (1...GaussianMixture.dimensionLimit).contains(dimension),
            "a mixture has a dimension within bounds"
        )
        precondition(
            (1...GaussianMixture.sizeLimit).contains(constants.count) && means.count == constants.count * dimension
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

    /// The mixture at many points.
    ///
    /// - Parameters:
    ///   - points: number d of point p at `offsets[d]` + p.
    ///   - offsets: one a dimension.
    /// - Returns: the negative log-likelihood of each point, nats.
    /// - Precondition: there is an offset a dimension, and every place up to whole sixteens of points lies in `points`.
    public func likelihoods(_ points: [Float], offsets: [Int], count: Int) -> [Float] {
        let lanes = GaussianMixture.lanes
        let whole = (count + lanes - 1) / lanes * lanes
        precondition(offsets.count == dimension && count >= 0, "a mixture's points have their dimension")
        precondition(
            offsets.allSatisfy { $0 >= 0 && $0 + whole <= points.count },
            "a mixture's points are there up to whole vectors"
        )
        return [Float](unsafeUninitializedCapacity: whole) { room, written in
            guard let room = room.baseAddress, whole > 0 else { return }
            // Sound because points and room hold whole vectors, and the rest is what init saw to.
            withKernel { kernels, mixture in kernels.mixture_likelihoods(mixture, points, offsets, count, room) }
            written = count
        }
    }

    /// The mixture at sixteen points, Gaussian for Gaussian.
    ///
    /// - Parameters:
    ///   - points: number d of point p at 16 d + p.
    ///   - densities: written: the weighted log-density of Gaussian g at point p at 16 g + p.
    ///   - likelihoods: written: the negative log-likelihood of each point.
    /// - Precondition: the arrays have 16 × dimension, 16 × size and 16 numbers.
    public func evaluate(_ points: [Float], densities: inout [Float], likelihoods: inout [Float]) {
        let lanes = GaussianMixture.lanes
        precondition(
            points.count == lanes * dimension && densities.count == lanes * size && likelihoods.count == lanes,
            "a mixture's points and results have their sizes"
        )
        // Sound because every array holds what the kernel's contract says, which the preconditions here and in init saw to.
        withKernel { kernels, mixture in kernels.mixture_densities(mixture, points, &densities, &likelihoods) }
    }

    private func withKernel(_ body: (picket_lanes_table, UnsafePointer<picket_mixture>) -> Void) {
        constants.withUnsafeBufferPointer { constants in
            means.withUnsafeBufferPointer { means in
                whitenings.withUnsafeBufferPointer { whitenings in
                    guard let constants = constants.baseAddress, let means = means.baseAddress,
                        let whitenings = whitenings.baseAddress
                    else { return }
                    var mixture = picket_mixture(
                        dimension: dimension,
                        size: size,
                        constants: constants,
                        means: means,
                        whitenings: whitenings
                    )
                    body(picket_lanes_best().pointee, &mixture)
                }
            }
        }
    }
}
