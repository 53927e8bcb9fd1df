import PicketTransforms

/// Where a picture is not flat.
///
/// The picture's grey values are blurred with a 3 × 3 box, so that noise of single pixels hardly counts; a pixel is textured
/// where the blurred values of its 3 × 3 neighbourhood span at least so many grey levels. Beyond the edge goes on the edge.
/// All sums are of whole numbers and exact.
struct Texture {
    /// One a pixel: 1 where it is textured, else 0.
    private let flags: [UInt8]

    init(of picture: GridPicture, threshold: Int) {
        let span = Float(9 * picture.shape.channels * threshold)
        flags = PictureMeasures.texture(of: picture.channelSums(), shape: picture.shape, span: span)
    }

    /// Textured pixels.
    var count: Int { flags.reduce(0) { $0 + Int($1) } }

    func isTextured(_ pixel: Int) -> Bool { flags[pixel] != 0 }
}
