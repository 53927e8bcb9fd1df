import CPicketKernels

/// What detectors ask of pictures themselves, by the kernels of this CPU. The same bits on every one.
public enum PictureMeasures {
    /// Grey levels, rint(255 · x), halves to even, held to 0...255; nil where a number is not finite.
    ///
    /// - Parameter zeros: how many follow the levels, for kernels that read whole vectors.
    public static func levels(of pixels: Span<Float>, zeros: Int = 0) -> [Float]? {
        let count = pixels.count
        var areFinite = true
        // Sound because the kernel reads and writes `count` numbers, and the zeros after them have room of their own.
        let levels = [Float](unsafeUninitializedCapacity: count + zeros) { room, written in
            pixels.withUnsafeBufferPointer { pixels in
                guard let from = pixels.baseAddress, let to = room.baseAddress else { return }
                areFinite = picket_pictures_best().pointee.to_levels(from, to, count)
            }
            room[count...].initialize(repeating: 0)
            written = count + zeros
        }
        return areFinite ? levels : nil
    }

    /// Where a plane of whole numbers is not flat: 1 a pixel where the sums over 3 × 3 pixels of its 3 × 3 neighbourhood lie
    /// `span` apart or more, else 0. Beyond the edge goes on the edge.
    ///
    /// - Precondition: `plane` holds the shape's pixels, or more.
    public static func texture(of plane: [Float], shape: PictureShape, span: Float) -> [UInt8] {
        precondition(plane.count >= shape.pixelCount, "a plane holds its pixels")
        let kernels = picket_pictures_best()
        let bytes = kernels.pointee.texture_scratch(shape.height, shape.width)
        // Sound because plane, flags and scratch hold what the kernel's contract says.
        return [UInt8](unsafeUninitializedCapacity: shape.pixelCount) { flags, written in
            withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { scratch in
                guard let to = flags.baseAddress, let scratch = scratch.baseAddress else { return }
                kernels.pointee.texture(plane, to, shape.height, shape.width, span, scratch)
            }
            written = shape.pixelCount
        }
    }
}
