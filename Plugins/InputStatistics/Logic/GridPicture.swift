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
        var levels: [Float] = []
        levels.reserveCapacity(row.count)
        for index in row.indices {
            let level = (row[index] * 255).rounded(.toNearestOrEven)
            guard level.isFinite else { throw DetectorFault.failed("pixel \(index) is \(row[index])") }
            levels.append(min(max(level, 0), 255))
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
