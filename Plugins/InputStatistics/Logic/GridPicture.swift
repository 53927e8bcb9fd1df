import PicketPluginSDK
import PicketTransforms

/// A picture on its 8-bit grid: rint(255 · x), halves to even, held to 0...255. Whatever lay off the grid is gone, so nothing
/// that is measured of it can tell pictures on the grid from pictures off it.
struct GridPicture {
    let shape: PictureShape
    /// Whole numbers 0...255, planar; then zeros for ``GaussianMixture/lanes`` more.
    let levels: [Float]

    /// - Throws: where a pixel is not finite, or there are not as many as the shape says.
    init(_ row: Span<Float>, shape: PictureShape) throws {
        guard row.count == shape.elementCount else {
            throw DetectorFault.failed("a row of \(row.count) numbers, expected \(shape)")
        }
        guard let levels = PictureMeasures.levels(of: row, zeros: GaussianMixture.lanes) else {
            let index = row.indices.first { !row[$0].isFinite } ?? 0
            throw DetectorFault.failed("pixel \(index) is \(row[index])")
        }
        self.shape = shape
        self.levels = levels
    }

    /// The channels' sum at every pixel, a whole number; whatever follows the pixels means nothing.
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
