import Glibc
import PicketTransforms

/// A mixture of Gaussians with full covariances over patches.
struct PatchMixture: Sendable {
    let dimension: Int
    /// ln weight − ½ ln det 2πΣ of each Gaussian.
    let constants: [Float]
    /// Mean of each, dimension numbers.
    let means: [Float]
    /// L⁻¹ of each covariance Σ = L Lᵀ, packed row after row up to the diagonal.
    let whitenings: [Float]

    static let sizes = 1...64

    var size: Int { constants.count }

    /// A log-density further below the largest than this changes nothing in float32.
    private static let negligible: Float = -18

    /// The log-density of each Gaussian, weighted, at sixteen patches.
    ///
    /// - Precondition: `densities` has room for one vector a Gaussian.
    func write(logDensities block: PatchBlock, into densities: inout [PatchBlock.Lanes]) {
        let packed = CholeskyFactor.packedCount(dimension)
        var centred = [PatchBlock.Lanes](repeating: .zero, count: dimension)
        for gaussian in 0..<size {
            for index in 0..<dimension {
                centred[index] = block.numbers[index] - means[gaussian * dimension + index]
            }
            var squares = PatchBlock.Lanes.zero
            var place = gaussian * packed
            for row in 0..<dimension {
                var sum = PatchBlock.Lanes.zero
                for column in 0...row {
                    sum += whitenings[place] * centred[column]
                    place += 1
                }
                squares += sum * sum
            }
            densities[gaussian] = constants[gaussian] - 0.5 * squares
        }
    }

    /// The negative log-likelihoods of sixteen patches, from ``write(logDensities:into:)``.
    func negativeLogLikelihoods(_ densities: [PatchBlock.Lanes]) -> PatchBlock.Lanes {
        var peak = densities[0]
        for gaussian in 1..<max(size, 1) { peak = pointwiseMax(peak, densities[gaussian]) }
        var sums = PatchBlock.Lanes.zero
        for gaussian in 0..<size {
            let below = densities[gaussian] - peak
            for lane in 0..<PatchBlock.count where below[lane] > PatchMixture.negligible {
                sums[lane] += below[lane] == 0 ? 1 : exp(below[lane])
            }
        }
        var result = PatchBlock.Lanes.zero
        for lane in 0..<PatchBlock.count { result[lane] = -(peak[lane] + log(sums[lane])) }
        return result
    }
}
