/// Writes what a detector learnt as little-endian bytes: a magic word, a version, then fields without padding.
public struct StateWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// - Parameter magic: four ASCII letters that say whose state it is.
    public init(magic: StaticString, version: UInt32) {
        precondition(magic.utf8CodeUnitCount == 4, "a state begins with four letters")
        bytes = magic.withUTF8Buffer { Array($0) }
        append(version)
    }

    /// A count, as 32 bits.
    ///
    /// - Precondition: it fits.
    public mutating func write(count: Int) {
        guard let word = UInt32(exactly: count) else { preconditionFailure("a state's counts fit 32 bits") }
        append(word)
    }

    /// Counts, 32 bits each.
    public mutating func write(counts: [Int]) {
        for count in counts { write(count: count) }
    }

    /// Numbers as float32. How many is not written.
    public mutating func write(floats: [Float]) {
        bytes.reserveCapacity(bytes.count + 4 * floats.count)
        for float in floats { append(float.bitPattern) }
    }

    private mutating func append(_ word: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
    }
}
