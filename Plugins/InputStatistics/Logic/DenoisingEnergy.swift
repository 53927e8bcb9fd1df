import PicketPluginSDK

/// What a denoiser took out of a picture: mean squared difference over all channels, in squared grey levels, apart for the
/// flat and for the textured part; 0 where there is no such part.
struct DenoisingEnergy {
    let flat: Double
    let textured: Double

    /// - Parameter denoised: pixels in 0...1, of the picture on its grid.
    init(of picture: GridPicture, denoised: Span<Float>, texture: Texture) throws {
        guard denoised.count == picture.shape.elementCount else {
            throw DetectorFault.failed("a denoised picture of \(denoised.count) numbers, expected \(picture.shape)")
        }
        var sums = (flat: 0.0, textured: 0.0)
        let pixels = picture.shape.pixelCount
        for channel in 0..<picture.shape.channels {
            for pixel in 0..<pixels {
                let index = channel * pixels + pixel
                let difference = Double(picture.levels[index] - denoised[index] * 255)
                let square = difference * difference
                if texture.isTextured(pixel) { sums.textured += square } else { sums.flat += square }
            }
        }
        let textured = texture.count
        let channels = picture.shape.channels
        flat = sums.flat / Double(max((pixels - textured) * channels, 1))
        self.textured = sums.textured / Double(max(textured * channels, 1))
    }
}
