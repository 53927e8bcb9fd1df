import CPicketKernels

/// A way to compute a convolution of pictures that lie in a certain way.
///
/// Proof of `@unchecked Sendable`: the C table is immutable static data.
struct ConvolutionAlgorithm: @unchecked Sendable {
    let kernel: UnsafePointer<picket_conv_kernel>
    let shape: picket_conv2d
    let input: picket_layout

    /// Names everything that packed weights depend on.
    let packing: String

    /// The best one for a shape.
    ///
    /// It depends on one picture alone: whatever the batch, a row's results are the same bits.
    ///
    /// - Parameter isConstant: whether the weights are known beforehand, as bfloat16 ones must be.
    init(_ shape: picket_conv2d, input: picket_layout, isConstant: Bool, kernels: KernelTable) {
        self.shape = shape
        self.input = input
        if isConstant, let bfloat16 = kernels.bfloat16?.pointee.convolution,
            withUnsafePointer(to: shape, { bfloat16.pointee.supports($0, input) }),
            !Self.isWinograd(shape) || !WinogradCost(shape).beatsPairs
        {
            kernel = bfloat16
            packing = "bfloat16 \(shape.packing)"
            return
        }
        let preferred = Self.preferred(shape)
        let isSupported = withUnsafePointer(to: shape) { kernels.convolution(preferred).pointee.supports($0, input) }
        let algorithm = isSupported ? preferred : PICKET_CONV_GEMM
        kernel = kernels.convolution(algorithm)
        packing = "\(algorithm.rawValue) \(input.rawValue) \(shape.packing)"
    }

    var packedBytes: Int { withUnsafePointer(to: shape) { kernel.pointee.packed_bytes($0, input) } }

    var scratchBytes: Int { withUnsafePointer(to: shape) { kernel.pointee.scratch_bytes($0, input) } }

    func units(images: Int) -> Int { withUnsafePointer(to: shape) { kernel.pointee.units($0, input, images) } }

    func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
        withUnsafePointer(to: shape) { kernel.pointee.pack($0, input, weights, packed) }
    }

    func run(_ call: inout picket_conv_call, scratch: UnsafeMutableRawPointer) {
        withUnsafePointer(to: shape) { kernel.pointee.run($0, input, &call, scratch) }
    }

    private static func preferred(_ shape: picket_conv2d) -> picket_conv_algorithm {
        if shape.groups == shape.in_channels, shape.groups == shape.out_channels, shape.groups > 1 {
            return PICKET_CONV_DEPTHWISE
        }
        return isWinograd(shape) ? WinogradCost(shape).best : PICKET_CONV_GEMM
    }

    private static func isWinograd(_ shape: picket_conv2d) -> Bool {
        shape.groups == 1 && shape.kernel_height == 3 && shape.kernel_width == 3
            && shape.stride_height == 1 && shape.stride_width == 1
            && shape.dilation_height == 1 && shape.dilation_width == 1
    }
}

/// What a 3×3 convolution of one picture costs each way, in multiply-adds of a vector's lane; the factors were measured
/// with AVX2 and AVX-512 on 48 shapes at batch 1 and 8.
private struct WinogradCost {
    /// Multiply-adds of one output pixel and tap, and what a pixel's transforms touch.
    private let products: Double
    private let channels: Double
    private let height: Int
    private let width: Int

    init(_ shape: picket_conv2d) {
        let rounded = { (count: Int) in (count + 15) / 16 * 16 }
        products = Double(shape.in_channels * rounded(shape.out_channels))
        channels = Double(rounded(shape.in_channels) + rounded(shape.out_channels))
        (height, width) = (shape.out_height, shape.out_width)
    }

    /// Winograd F(m×m, 3×3): `size`² products a tile, and weights of `size`² matrices that are read once at least, from
    /// memory where the caches do not hold them.
    private func winograd(_ m: Int, size: Double, transform: Double, fromMemory: Double) -> Double {
        let tiles = Double((height + m - 1) / m * ((width + m - 1) / m))
        let weights = size * size * products
        let isLarge = weights > 4e6
        return tiles * (weights * (isLarge ? fromMemory : 1) + transform * channels) + weights * (isLarge ? 3 : 1)
    }

    private var direct: Double {
        let pixels = Double(height * width)
        return 9 * products * (pixels + 1) + 16 * channels * pixels
    }

    private var small: Double { winograd(2, size: 4, transform: 80, fromMemory: 1.15) }

    private var large: Double { winograd(4, size: 6, transform: 200, fromMemory: 1.35) }

    /// Whether the large tiles are clearly faster than direct products of bfloat16, which take half of what those of float32
    /// take, and an eighth of the tiles' weights.
    var beatsPairs: Bool { large < 0.85 * direct / 2 }

    var best: picket_conv_algorithm {
        // The larger tiles want more than twice the weights, so they must be clearly better.
        if large < 0.85 * min(direct, small) { return PICKET_CONV_WINOGRAD_4 }
        return small < direct ? PICKET_CONV_WINOGRAD_2 : PICKET_CONV_GEMM
    }
}

extension KernelTable {
    func convolution(_ algorithm: picket_conv_algorithm) -> UnsafePointer<picket_conv_kernel> {
        let table = functions.pointee.convolutions
        return switch algorithm {
        case PICKET_CONV_DEPTHWISE: table.1
        case PICKET_CONV_WINOGRAD_2: table.2
        case PICKET_CONV_WINOGRAD_4: table.3
        default: table.0
        }
    }
}

extension picket_conv2d {
    fileprivate var packing: String {
        "\(groups) \(in_channels) \(out_channels) \(kernel_height)x\(kernel_width)"
            + " \(stride_height)x\(stride_width) \(dilation_height)x\(dilation_width)"
    }
}
