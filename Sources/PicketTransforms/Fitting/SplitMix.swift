/// Pseudo-random numbers from a seed that everybody may know (SplitMix64: Steele, Lea and Flood, OOPSLA 2014): for choices that
/// must be the same everywhere, such as where a fit begins. What must not be foreseen comes from the host's generator.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    /// 64 uniform bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Uniform in 0..<1: the upper 53 bits divided by 2^53.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
