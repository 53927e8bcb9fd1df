import Glibc
import PicketTransforms

extension GaussianMixture {
    /// Variance of rounding to whole levels, which every Gaussian has in every direction: flat patches are exact, and would make a
    /// density without bound.
    static let floor = 1.0 / 12

    /// Fits a mixture by expectation maximisation, from a start by k-means++ (Arthur and Vassilvitskii, SODA 2007); the same
    /// patches in the same order give the same mixture.
    ///
    /// - Parameter patches: one after the other.
    /// - Precondition: there are at least as many patches as Gaussians.
    init(patches: [Float], dimension: Int, size: Int, rounds: Int = 60) {
        let count = patches.count / dimension
        precondition(size >= 1 && count >= size && patches.count == count * dimension, "a mixture needs patches")
        var start = PatchClusters(patches: patches, dimension: dimension, size: size)
        for _ in 0..<8 { start.move(patches) }
        var moments = MixtureMoments(dimension: dimension, size: size)
        for patch in 0..<count { moments.add(patches, patch, weight: 1, to: start.nearest(to: patch, of: patches)) }
        var mixture = moments.mixture(count: count)
        var last = -Float.infinity
        for _ in 0..<rounds {
            let (next, likelihood) = mixture.maximised(patches, count: count)
            mixture = next
            // Nats a patch; pictures differ by tenths.
            if likelihood - last < 1e-3 { break }
            last = likelihood
        }
        self = mixture
    }

    /// One round: what each Gaussian is responsible for, and the Gaussians that follow from it.
    private func maximised(_ patches: [Float], count: Int) -> (GaussianMixture, likelihood: Float) {
        let lanes = GaussianMixture.lanes
        var moments = MixtureMoments(dimension: dimension, size: size)
        var points = [Float](repeating: 0, count: lanes * dimension)
        var densities = [Float](repeating: 0, count: lanes * size)
        var likelihoods = [Float](repeating: 0, count: lanes)
        var total = 0.0
        for first in stride(from: 0, to: count, by: lanes) {
            let whole = min(lanes, count - first)
            for lane in 0..<whole {
                for index in 0..<dimension {
                    points[index * lanes + lane] = patches[(first + lane) * dimension + index]
                }
            }
            evaluate(points, densities: &densities, likelihoods: &likelihoods)
            for lane in 0..<whole {
                total -= Double(likelihoods[lane])
                for gaussian in 0..<size {
                    let logarithm = densities[gaussian * lanes + lane] + likelihoods[lane]
                    // Less than e^-9, one in ten thousand, moves nothing.
                    if logarithm > -9 {
                        moments.add(patches, first + lane, weight: Double(exp(logarithm)), to: gaussian)
                    }
                }
            }
        }
        return (moments.mixture(count: count), Float(total / Double(count)))
    }
}

/// Weighted sums of patches and of their products, from which Gaussians follow.
private struct MixtureMoments {
    let dimension: Int
    private var weights: [Double]
    private var sums: [Double]
    private var products: [Double]

    init(dimension: Int, size: Int) {
        self.dimension = dimension
        weights = [Double](repeating: 0, count: size)
        sums = [Double](repeating: 0, count: size * dimension)
        products = [Double](repeating: 0, count: size * CholeskyFactor.packedCount(dimension))
    }

    mutating func add(_ patches: [Float], _ patch: Int, weight: Double, to gaussian: Int) {
        let from = patch * dimension
        let sum = gaussian * dimension
        var product = gaussian * CholeskyFactor.packedCount(dimension)
        weights[gaussian] += weight
        for row in 0..<dimension {
            let weighted = weight * Double(patches[from + row])
            sums[sum + row] += weighted
            for column in 0...row {
                products[product] += weighted * Double(patches[from + column])
                product += 1
            }
        }
    }

    /// A Gaussian without patches keeps a weight so small that it never counts.
    func mixture(count: Int) -> GaussianMixture {
        let packed = CholeskyFactor.packedCount(dimension)
        var constants: [Float] = []
        var means: [Float] = []
        var whitenings: [Float] = []
        for (gaussian, weight) in weights.enumerated() {
            let share = max(weight, 1e-9)
            let mean = (0..<dimension).map { sums[gaussian * dimension + $0] / share }
            var covariance = Array(products[gaussian * packed..<(gaussian + 1) * packed])
            for row in 0..<dimension {
                for column in 0...row {
                    let place = row * (row + 1) / 2 + column
                    covariance[place] = covariance[place] / share - mean[row] * mean[column]
                }
                covariance[row * (row + 1) / 2 + row] += GaussianMixture.floor
            }
            let factor = MixtureMoments.factor(covariance, dimension)
            let logDeterminant = 2 * factor.diagonal.reduce(0) { $0 + log($1) }
            let normal = Double(dimension) * log(2 * Double.pi) + logDeterminant
            constants.append(Float(log(share / Double(count)) - normal / 2))
            means += mean.map { Float($0) }
            whitenings += factor.inverseLower().map { Float($0) }
        }
        return GaussianMixture(dimension: dimension, constants: constants, means: means, whitenings: whitenings)
    }

    /// Sums of squares lose what is a ten-billionth of them: where that makes a direction's variance negative, a wider floor.
    private static func factor(_ covariance: [Double], _ dimension: Int) -> CholeskyFactor {
        var covariance = covariance
        var floor = GaussianMixture.floor
        while true {
            if let factor = CholeskyFactor(of: covariance, order: dimension) { return factor }
            for row in 0..<dimension { covariance[row * (row + 1) / 2 + row] += floor }
            floor *= 10
            precondition(floor < 1e12, "a covariance of grey levels has a Cholesky factor once it is raised enough")
        }
    }
}
