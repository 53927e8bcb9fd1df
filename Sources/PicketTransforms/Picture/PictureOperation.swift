import CPicketKernels
import CTurboJPEG

/// What is done to a picture once every parameter is known: a pure function of its pixels.
///
/// Pictures are planar C × H × W float32 in 0...1, and stay in it. Beyond the edge a picture goes on as its mirror image,
/// the edge pixel first.
public enum PictureOperation: Sendable, Hashable {
    /// rint(x · (2^bits − 1)) / (2^bits − 1) (Xu, Evans, Qi, NDSS 2018).
    case quantise(bits: Int)
    /// The median over side × side pixels, as scipy.ndimage.median_filter has it (Xu, Evans, Qi, NDSS 2018).
    case median(side: Int)
    /// Rounded to bytes, through JPEG of this quality, and back: grey, or colour with 4:2:0 chroma.
    case jpeg(quality: Int)
    /// Moved by whole pixels.
    case shift(right: Int, down: Int)
    /// Rotated about the centre, bilinear; positive turns the upper edge to the left.
    case rotate(degrees: Double)
    /// Resized by `reduction` pixels less on each axis, bilinear, and set at (`top`, `left`) of a black picture of the old
    /// size (after Xie and others, ICLR 2018, who enlarge the picture instead).
    case resizePad(reduction: Int, top: Int, left: Int)

    /// Writes the picture's image under the operation.
    ///
    /// - Throws: ``TransformFault`` where the operation does not suit pictures of this shape, or a codec fails.
    /// - Precondition: `source` and `destination` hold as many numbers as the shape.
    public func apply(
        to source: Span<Float>,
        shape: PictureShape,
        into destination: inout MutableSpan<Float>
    ) throws(TransformFault) {
        precondition(source.count == shape.elementCount, "the source holds the picture")
        precondition(destination.count == shape.elementCount, "the destination holds the picture")
        // Sound because both buffers are as large as the shape says, and the kernels stay inside it.
        try source.withUnsafeBufferPointer { (from) throws(TransformFault) in
            try destination.withUnsafeMutableBufferPointer { (to) throws(TransformFault) in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                try run(from, to, shape)
            }
        }
    }

    private func run(
        _ from: UnsafePointer<Float>,
        _ to: UnsafeMutablePointer<Float>,
        _ shape: PictureShape
    ) throws(TransformFault) {
        let (height, width) = (shape.height, shape.width)
        switch self {
        case .quantise(let bits):
            picket_picture_quantise(from, to, shape.elementCount, Float((1 << bits) - 1))
        case .median(let side):
            let floats = picket_plane_median_scratch(height, width, side)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { scratch in
                guard let scratch = scratch.baseAddress else { return }
                eachPlane(from, to, shape) { picket_plane_median($0, $1, height, width, side, scratch) }
            }
        case .jpeg(let quality):
            try degrade(from, to, shape, quality)
        case .shift(let right, let down):
            eachPlane(from, to, shape) { picket_plane_shift($0, $1, height, width, right, down) }
        case .rotate(let degrees):
            let (cosine, sine) = Angle.cosineAndSine(degrees: degrees)
            eachPlane(from, to, shape) { picket_plane_rotate($0, $1, height, width, cosine, sine) }
        case .resizePad(let reduction, let top, let left):
            let (smallHeight, smallWidth) = (height - reduction, width - reduction)
            guard smallHeight >= 1, smallWidth >= 1, top + smallHeight <= height, left + smallWidth <= width else {
                throw TransformFault("a picture of \(shape) does not go \(reduction) smaller at (\(top), \(left))")
            }
            to.update(repeating: 0, count: shape.elementCount)
            let bytes = picket_plane_resize_scratch(width, smallWidth)
            withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 8) { scratch in
                guard let scratch = scratch.baseAddress else { return }
                eachPlane(from, to, shape) {
                    picket_plane_resize(
                        $0,
                        height,
                        width,
                        $1 + top * width + left,
                        smallHeight,
                        smallWidth,
                        width,
                        scratch
                    )
                }
            }
        }
    }

    private func eachPlane(
        _ from: UnsafePointer<Float>,
        _ to: UnsafeMutablePointer<Float>,
        _ shape: PictureShape,
        _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) {
        for channel in 0..<shape.channels {
            body(from + channel * shape.pixelCount, to + channel * shape.pixelCount)
        }
    }

    private func degrade(
        _ from: UnsafePointer<Float>,
        _ to: UnsafeMutablePointer<Float>,
        _ shape: PictureShape,
        _ quality: Int
    ) throws(TransformFault) {
        let channels = shape.channels
        guard channels == 1 || channels == 3 else {
            throw TransformFault("JPEG holds 1 or 3 channels, the picture is \(shape)")
        }
        try JPEGCodec.with { (codec) throws(TransformFault) in
            try codec.degrade(
                channels: channels,
                height: shape.height,
                width: shape.width,
                quality: quality,
                fill: { picket_picture_to_bytes(from, $0, channels, shape.pixelCount) },
                take: { picket_picture_from_bytes($0, to, channels, shape.pixelCount) }
            )
        }
    }
}
