/// What is done to a picture once every parameter is known: a pure function of its pixels, the same bits on every CPU.
///
/// Pictures are planar C × H × W float32 in 0...1, and stay in it, but for noise that is not clamped. Beyond the edge a
/// picture goes on as its mirror image, the edge pixel first. Random numbers are Philox4x32-10's under the seed
/// (picket_pictures.h defines which number goes where).
public enum PictureOperation: Sendable, Hashable {
    /// rint(x · (2^bits − 1)) / (2^bits − 1), bits 1...16 (Xu, Evans, Qi, NDSS 2018).
    case quantise(bits: Int)
    /// The median over side × side pixels, side 2...15, as scipy.ndimage.median_filter has it (Xu, Evans, Qi, NDSS 2018).
    case median(side: Int)
    /// Non-local means over all channels at once: patches of `window` × `window` pixels (odd, to 11) are compared over
    /// `search` × `search` (odd, to 31), `strength` in units of 1/255, up to 255. Xu's 13-3-4 is search 13, window 3, strength 4.
    ///
    /// As OpenCV's fastNlMeansDenoising, but for its coarser distances, and its rounding to bytes. Colour is compared as it
    /// is, red, green and blue, where OpenCV's "Colored" goes through Lab.
    case nonLocalMeans(search: Int, window: Int, strength: Double)
    /// Gaussian blur, sigma in pixels, over 0 to 64, the window cut at four sigma, as scipy.ndimage.gaussian_filter has it.
    case gaussianBlur(sigma: Double)
    /// Normal noise added to every number, sigma in units of the pixel range, 0...16; held to 0...1 where `clamped`.
    case gaussianNoise(sigma: Double, seed: UInt64, clamped: Bool)
    /// Total-variation denoising of every channel (Rudin, Osher, Fatemi 1992) by Chambolle's projections (2004): so many
    /// iterations of skimage.restoration.denoise_tv_chambolle. Weight over 0 to 100; iterations 1...10,000.
    case totalVariation(weight: Double, iterations: Int)
    /// Total-variation minimisation after Guo and others (ICLR 2018): every number of the picture is dropped with
    /// `dropProbability`, 0 to under 1; those that stay have a say in the picture of least variation, the others none.
    case maskedTotalVariation(weight: Double, iterations: Int, dropProbability: Double, seed: UInt64)
    /// Soft thresholds of every channel's Haar coefficients by BayesShrink, as skimage.restoration.denoise_wavelet has it
    /// by default; sigma is the noise's standard deviation, 0...1, nil where it is estimated.
    case wavelet(sigma: Double?)
    /// `count` pixels (to 2^24), one after the other, become one of those around them, at most `window` away on each axis
    /// (Prakash and others, CVPR 2018, with a uniform map).
    case pixelDeflection(count: Int, window: Int, seed: UInt64)
    /// Rounded to bytes, through JPEG of this quality, and back: grey, or colour with 4:2:0 chroma.
    case jpeg(quality: Int)
    /// Moved by whole pixels, up to 2^20.
    case shift(right: Int, down: Int)
    /// Rotated about the centre, bilinear; positive turns the upper edge to the left.
    case rotate(degrees: Double)
    /// Enlarged about the centre, bilinear, without smoothing; factor 1/16...16, below 1 reduces.
    case scale(factor: Double)
    /// A part of the picture, resized to the whole one's size, bilinear, edges held (Guo and others, ICLR 2018).
    case cropResize(top: Int, left: Int, height: Int, width: Int)
    /// Resized by `reduction` pixels less on each axis, bilinear, and set at (`top`, `left`) of a black picture of the old
    /// size (after Xie and others, ICLR 2018, who enlarge the picture instead).
    case resizePad(reduction: Int, top: Int, left: Int)
    /// Left and right exchanged.
    case flipHorizontal
    /// One after the other; none leaves the picture as it is.
    case sequence([PictureOperation])

    /// Writes the picture's image under the operation.
    ///
    /// - Throws: ``TransformFault`` where a parameter is out of range or the operation does not suit pictures of this
    ///   shape, or a codec fails.
    /// - Precondition: `source` and `destination` hold as many numbers as the shape.
    public func apply(
        to source: Span<Float>,
        shape: PictureShape,
        into destination: inout MutableSpan<Float>
    ) throws(TransformFault) {
        precondition(source.count == shape.elementCount, "the source holds the picture")
        precondition(destination.count == shape.elementCount, "the destination holds the picture")
        try check(shape)
        // Sound because both buffers are as large as the shape says, and the kernels stay inside it.
        try source.withUnsafeBufferPointer { (from) throws(TransformFault) in
            try destination.withUnsafeMutableBufferPointer { (to) throws(TransformFault) in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                try run(from, to, shape)
            }
        }
    }
}
