import PicketPluginSDK
import PicketTransforms

/// A picture on its 8-bit grid: rint(255 · x), halves to even, held to 0...255. Whatever lay off the grid is gone, so nothing
/// that is measured of it can tell pictures on the grid from pictures off it.
struct GridPicture {
    let shape: PictureShape
    /// Whole numbers 0...255, planar.
    let levels: [Float]

    /// - Throws: where a pixel is not finite, or there are not as many as the shape says.
    init(_ row: Span<Float>, shape: PictureShape) throws {
        guard row.count == shape.elementCount else {
            throw DetectorFault.failed("a row of \(row.count) numbers, expected \(shape)")
        }
        var levels = [Float](repeating: 0, count: row.count)
        var wrong = 0
        for index in row.indices {
            let pixel = row[index]
            // Held first, so that adding and taking away 1.5 · 2^23 rounds to whole numbers, halves to even, as vectors can.
            let held = min(max(pixel * 255, 0), 255)
            levels[index] = (held + 0x1.8p23) - 0x1.8p23
            wrong += pixel.isFinite ? 0 : 1
        }
        if wrong > 0, let index = row.indices.first(where: { !row[$0].isFinite }) {
            throw DetectorFault.failed("pixel \(index) is \(row[index])")
        }
        self.shape = shape
        self.levels = levels
    }

    /// The channels' sum at every pixel: a whole number.
    func channelSums() -> [Float] {
        let pixels = shape.pixelCount
        guard shape.channels > 1 else { return levels }
        var sums = Array(levels[..<pixels])
        for channel in 1..<shape.channels {
            for pixel in 0..<pixels { sums[pixel] += levels[channel * pixels + pixel] }
        }
        return sums
    }
}
