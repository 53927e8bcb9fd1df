import CTurboJPEG
import Synchronization

/// JPEG and back, through libturbojpeg: handles and buffers are kept between calls, one codec a thread at a time.
///
/// Proof of `@unchecked Sendable`: a codec is used by whoever took it out of the pool, and the pool is behind a mutex.
final class JPEGCodec: @unchecked Sendable {
    private static let pool = Mutex<[JPEGCodec]>([])

    private let compressor: tjhandle
    private let decompressor: tjhandle
    private var bytes: [UInt8] = []
    private var compressed: [UInt8] = []

    private init() throws(TransformFault) {
        guard let compressor = tjInitCompress() else { throw TransformFault("libturbojpeg gives no compressor") }
        guard let decompressor = tjInitDecompress() else {
            tjDestroy(compressor)
            throw TransformFault("libturbojpeg gives no decompressor")
        }
        self.compressor = compressor
        self.decompressor = decompressor
    }

    deinit {
        tjDestroy(compressor)
        tjDestroy(decompressor)
    }

    /// Runs `body` with a codec of its own.
    static func with<Value>(_ body: (JPEGCodec) throws(TransformFault) -> Value) throws(TransformFault) -> Value {
        let idle = pool.withLock { $0.popLast() }
        let codec = if let idle { idle } else { try JPEGCodec() }
        defer { pool.withLock { $0.append(codec) } }
        return try body(codec)
    }

    /// Compresses and decompresses interleaved bytes, 1 (grey) or 3 (red, green, blue) a pixel, in place.
    ///
    /// Baseline JPEG, the accurate integer transform, colour with 4:2:0 chroma and smooth upsampling: what Pillow and
    /// OpenCV do by default at the same quality. The accurate transform gives the same bits with and without SIMD.
    func degrade(
        channels: Int,
        height: Int,
        width: Int,
        quality: Int,
        fill: (UnsafeMutablePointer<UInt8>) -> Void,
        take: (UnsafePointer<UInt8>) -> Void
    ) throws(TransformFault) {
        let format = channels == 1 ? TJPF_GRAY : TJPF_RGB
        let sampling = channels == 1 ? TJSAMP_GRAY : TJSAMP_420
        let bound = tjBufSize(Int32(width), Int32(height), Int32(sampling.rawValue))
        guard bound > 0, bound < 1 << 31 else {
            throw TransformFault("libturbojpeg takes no pictures of \(height) × \(width)")
        }
        grow(&bytes, to: channels * height * width)
        grow(&compressed, to: Int(bound))
        var size = bound
        // Sound because both buffers are as large as the calls below are told, and stay put inside the closures.
        let (encoded, decoded) = bytes.withUnsafeMutableBufferPointer { pixels in
            compressed.withUnsafeMutableBufferPointer { jpeg -> (Int32, Int32) in
                var jpegStart = jpeg.baseAddress
                guard let pixelStart = pixels.baseAddress, jpegStart != nil else { return (-1, -1) }
                fill(pixelStart)
                let encoded = tjCompress2(
                    compressor,
                    pixelStart,
                    Int32(width),
                    0,
                    Int32(height),
                    Int32(format.rawValue),
                    &jpegStart,
                    &size,
                    Int32(sampling.rawValue),
                    Int32(quality),
                    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT
                )
                guard encoded == 0 else { return (encoded, 0) }
                let decoded = tjDecompress2(
                    decompressor,
                    jpegStart,
                    size,
                    pixelStart,
                    Int32(width),
                    0,
                    Int32(height),
                    Int32(format.rawValue),
                    TJFLAG_ACCURATEDCT
                )
                if decoded == 0 { take(pixelStart) }
                return (encoded, decoded)
            }
        }
        guard encoded == 0 else { throw TransformFault("libturbojpeg: \(reason(compressor))") }
        guard decoded == 0 else { throw TransformFault("libturbojpeg: \(reason(decompressor))") }
    }

    private func grow(_ buffer: inout [UInt8], to count: Int) {
        if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
    }

    private func reason(_ handle: tjhandle) -> String {
        tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason given"
    }
}
