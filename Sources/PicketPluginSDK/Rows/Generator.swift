import CPicketABI
import Glibc

/// Random numbers of one row and one variant, from the host: the same row gives the same draws, and nobody without the
/// host's key foresees them. Valid during the call.
///
/// Draws that must be replayed years later should come from the methods here, whose definitions are part of the SDK's
/// contract; those of the standard library may change.
public struct Generator: RandomNumberGenerator {
    private let context: UnsafeMutableRawPointer?
    private let draw: @convention(c) (UnsafeMutableRawPointer?) -> UInt64

    init?(_ generator: UnsafePointer<picket_generator>?) {
        guard let generator, let draw = generator.pointee.next else { return nil }
        self.context = generator.pointee.context
        self.draw = draw
    }

    /// 64 uniform bits.
    public func next() -> UInt64 { draw(context) }

    /// Uniform in 0..<1: the upper 53 bits of one draw, divided by 2^53.
    public func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0..<bound, without bias: the high word of draw × bound; draws whose low word falls below
    /// 2^64 mod bound are drawn again (Lemire, "Fast random integer generation in an interval", 2019).
    ///
    /// - Precondition: `bound` is at least 1.
    public func integer(below bound: Int) -> Int {
        precondition(bound >= 1, "a bounded draw needs a bound of 1 or more")
        let range = UInt64(bound)
        let threshold = (0 &- range) % range
        while true {
            let (high, low) = range.multipliedFullWidth(by: next())
            if low >= threshold { return Int(high) }
        }
    }

    /// Normal with mean 0 and variance 1: sqrt(-2 ln(1 - u)) · cos(2π v) of two uniform draws (Box and Muller 1958).
    public func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }
}
