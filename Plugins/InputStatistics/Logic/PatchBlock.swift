/// Sixteen patches side by side: each of their numbers is one vector, so that every step of the mixture's arithmetic is done for
/// sixteen at once.
struct PatchBlock {
    typealias Lanes = SIMD16<Float>

    static let count = Lanes.scalarCount
    /// One vector for each number of a patch.
    private(set) var numbers: [Lanes]

    init(dimension: Int) {
        numbers = [Lanes](repeating: .zero, count: dimension)
    }

    mutating func set(_ patch: [Float], lane: Int) {
        for index in numbers.indices { numbers[index][lane] = patch[index] }
    }
}
