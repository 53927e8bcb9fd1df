import PicketTransforms

/// A random projection that keeps distances (Johnson and Lindenstrauss; signs after Achlioptas 2003): every number that comes out
/// is Σ ±xᵢ / √n, the signs from a seed that depends on the sizes alone, so that it is the same everywhere.
struct Projection: Sendable {
    private let signs: LaneMatrix
    private let scale: Float

    init(from inputs: Int, to outputs: Int) {
        var random = SplitMix(seed: UInt64(inputs) << 32 | UInt64(outputs))
        var elements: [Float] = []
        elements.reserveCapacity(inputs * outputs)
        var bits: UInt64 = 0
        for index in 0..<inputs * outputs {
            if index % 64 == 0 { bits = random.next() }
            elements.append(bits & 1 == 0 ? -1 : 1)
            bits >>= 1
        }
        signs = LaneMatrix(elements, rows: outputs, columns: inputs)
        scale = 1 / Float(outputs).squareRoot()
    }

    func project(_ vector: [Float]) -> [Float] {
        signs.products(with: vector).map { $0 * scale }
    }
}
