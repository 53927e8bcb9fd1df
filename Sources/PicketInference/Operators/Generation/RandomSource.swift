import Glibc
import PicketTensor

/// Numbers that look random and follow from a seed: what RandomUniform and RandomNormal make where the model gives one.
///
/// The specification leaves the generator open, so that a model's numbers differ from runtime to runtime. This one is
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), started at the bits of the
/// seed; a uniform number is its upper 53 bits, a normal one comes of two uniform ones by Box and Muller's transform.
struct RandomSource {
    private var state: UInt64

    init(seed: Float) { state = UInt64(seed.bitPattern) }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// In 0 ..< 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Mean 0, variance 1.
    mutating func normal() -> Double {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }
}

/// Where the numbers lie: between two bounds, or around a mean.
enum RandomDistribution: Sendable {
    case uniform(low: Double, high: Double)
    case normal(mean: Double, scale: Double)

    init(uniform node: NodeDescription) throws(OperatorFault) {
        let (low, high) = (try node.attributes.float("low") ?? 0, try node.attributes.float("high") ?? 1)
        self = .uniform(low: Double(low), high: Double(high))
    }

    init(normal node: NodeDescription) throws(OperatorFault) {
        let (mean, scale) = (try node.attributes.float("mean") ?? 0, try node.attributes.float("scale") ?? 1)
        self = .normal(mean: Double(mean), scale: Double(scale))
    }

    fileprivate func draw(_ source: inout RandomSource) -> Double {
        switch self {
        case .uniform(let low, let high): low + (high - low) * source.uniform()
        case .normal(let mean, let scale): mean + scale * source.normal()
        }
    }
}

/// Fills a result with numbers of a distribution, the same in every run.
package struct RandomFill: FormatVisitor {
    let seed: Float
    let distribution: RandomDistribution
    var count = 0

    /// - Throws: where the model gives no seed: what differs from run to run is no function of the input.
    init(_ node: NodeDescription, _ distribution: RandomDistribution) throws(OperatorFault) {
        guard let seed = try node.attributes.float("seed") else {
            throw OperatorFault("attribute seed is missing: what differs from run to run is not supported")
        }
        self.seed = seed
        self.distribution = distribution
    }

    /// The result's type: `dtype`, or else.
    static func elementType(_ node: NodeDescription, else other: ElementType?) throws(OperatorFault) -> ElementType? {
        let type = try node.attributes.elementType("dtype") ?? other
        guard type?.isFloatingPoint ?? true else {
            throw OperatorFault("attribute dtype is \(type.map(\.rawValue) ?? ""), expected a float type")
        }
        return type
    }

    func movement(_ result: ConcreteFact) throws(OperatorFault) -> Movement {
        var fill = self
        fill.count = result.shape.elementCount
        return try result.elementType.visit(fill)
    }

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let (seed, distribution, count) = (seed, distribution, count)
        return Movement(cost: Double(count) * 4 * Cost.transcendental) { memory, _ in
            var source = RandomSource(seed: seed)
            let result = memory.result(as: Format.Stored.self)
            for index in 0..<count { result[index] = Format.store(Format.number(distribution.draw(&source))) }
        }
    }
}
