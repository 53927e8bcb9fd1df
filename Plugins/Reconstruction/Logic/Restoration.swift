/// Makes a row of what an autoencoder gave.
struct Restoration: Sendable {
    /// Pictures are held to 0...1; anything else is taken as it is.
    let isPicture: Bool
    /// Pictures are rounded to k/255.
    let isOnGrid: Bool
    /// What the autoencoder's pixels lie in.
    let range: ClosedRange<Float>

    /// What it is, as a variant's key.
    var key: String {
        guard isPicture else { return "reconstruction/plain" }
        return "reconstruction/\(isOnGrid ? "grid" : "held"):\(range.lowerBound):\(range.upperBound)"
    }

    /// Writes the row.
    ///
    /// - Precondition: both are as long.
    func restore(_ source: Span<Float>, into destination: inout MutableSpan<Float>) {
        guard isPicture else {
            for index in source.indices { destination[index] = source[index] }
            return
        }
        let scale = 1 / (range.upperBound - range.lowerBound)
        for index in source.indices {
            // NaN stays NaN through both comparisons, and makes the detector fail.
            let pixel = (source[index] - range.lowerBound) * scale
            let held = pixel < 0 ? 0 : pixel > 1 ? 1 : pixel
            // Adding and taking away 1.5 · 2^23 rounds to whole numbers, halves to even, as vectors can.
            destination[index] = isOnGrid ? ((held * 255 + 0x1.8p23) - 0x1.8p23) / 255 : held
        }
    }
}
