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
    init(_ shape: picket_conv2d, input: picket_layout, kernels: KernelTable) {
        let preferred = Self.preferred(shape)
        let isSupported = withUnsafePointer(to: shape) { kernels.convolution(preferred).pointee.supports($0, input) }
        let algorithm = isSupported ? preferred : PICKET_CONV_GEMM
        kernel = kernels.convolution(algorithm)
        packing = "\(algorithm.rawValue) \(input.rawValue) \(shape.packing)"
        self.shape = shape
        self.input = input
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
        if shape.groups == 1, shape.in_channels >= 16, shape.out_height * shape.out_width >= 49 {
            return shape.out_height * shape.out_width >= 100 ? PICKET_CONV_WINOGRAD_4 : PICKET_CONV_WINOGRAD_2
        }
        return PICKET_CONV_GEMM
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
