import CPicketKernels

/// A picture for the kernels: where its numbers are, where the result goes, and the functions of this CPU.
///
/// Sound while both pointers hold as many numbers as the shape says, and do not overlap.
struct PictureCall {
    let kernels: UnsafePointer<picket_picture_table>
    let from: UnsafePointer<Float>
    let to: UnsafeMutablePointer<Float>
    let shape: PictureShape

    /// Hands `body` every plane with its place in the result.
    func eachPlane(_ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void) {
        for channel in 0..<shape.channels {
            body(from + channel * shape.pixelCount, to + channel * shape.pixelCount)
        }
    }

    /// Hands `body` memory of its own, aligned as the kernels want it.
    func withScratch(_ bytes: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: max(bytes, 1), alignment: 64) { scratch in
            guard let scratch = scratch.baseAddress else { return }
            body(scratch)
        }
    }
}

extension PictureOperation {
    /// Every parameter was checked.
    func run(
        _ from: UnsafePointer<Float>,
        _ to: UnsafeMutablePointer<Float>,
        _ shape: PictureShape
    ) throws(TransformFault) {
        let call = PictureCall(kernels: picket_pictures_best(), from: from, to: to, shape: shape)
        switch self {
        case .quantise(let bits):
            call.kernels.pointee.quantise(from, to, shape.elementCount, Float((1 << bits) - 1))
        case .median(let side): call.median(side)
        case .nonLocalMeans(let search, let window, let strength): call.nonLocalMeans(search, window, strength)
        case .gaussianBlur(let sigma): call.blur(sigma)
        case .gaussianNoise(let sigma, let seed, let clamped):
            call.kernels.pointee.noise(from, to, shape.elementCount, Float(sigma), seed, clamped)
        case .totalVariation(let weight, let iterations): call.variation(Float(weight), iterations)
        case .maskedTotalVariation(let weight, let iterations, let probability, let seed):
            call.maskedVariation(Float(weight), iterations, probability, seed)
        case .wavelet(let sigma): call.wavelet(sigma)
        case .pixelDeflection(let count, let window, let seed):
            to.update(from: from, count: shape.elementCount)
            picket_picture_deflect(to, shape.channels, shape.height, shape.width, count, window, seed)
        case .jpeg(let quality): try call.degrade(quality)
        case .shift(let right, let down):
            call.eachPlane { call.kernels.pointee.shift($0, $1, shape.height, shape.width, right, down) }
        case .rotate(let degrees): call.rotate(degrees)
        case .scale(let factor): call.scale(factor)
        case .cropResize(let top, let left, let height, let width):
            call.resize(
                part: .init(top: top, left: left, height: height, width: width),
                to: .init(top: 0, left: 0, height: shape.height, width: shape.width)
            )
        case .resizePad(let reduction, let top, let left):
            to.update(repeating: 0, count: shape.elementCount)
            call.resize(
                part: .init(top: 0, left: 0, height: shape.height, width: shape.width),
                to: .init(top: top, left: left, height: shape.height - reduction, width: shape.width - reduction)
            )
        case .flipHorizontal:
            call.eachPlane { call.kernels.pointee.flip($0, $1, shape.height, shape.width) }
        case .sequence(let operations): try call.sequence(operations[...])
        }
    }
}

extension PictureCall {
    /// Each operation reads what the one before it wrote, by turns in the result and in scratch, so that the last one
    /// writes the result.
    fileprivate func sequence(_ operations: ArraySlice<PictureOperation>) throws(TransformFault) {
        guard let first = operations.first else {
            to.update(from: from, count: shape.elementCount)
            return
        }
        guard operations.count > 1 else { return try first.run(from, to, shape) }
        let scratch = UnsafeMutablePointer<Float>.allocate(capacity: shape.elementCount)
        defer { scratch.deallocate() }
        // With an even number of operations the first one writes to scratch.
        var target = operations.count.isMultiple(of: 2) ? scratch : to
        var source = from
        for operation in operations {
            try operation.run(source, target, shape)
            source = UnsafePointer(target)
            target = target == to ? scratch : to
        }
    }
}
