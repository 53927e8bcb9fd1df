import CPicketKernels
import Testing

/// Convolutions with channels-last output by implicit matrix product, of every ISA level, against plain loops.
@Suite("conv_gemm")
struct PixelConvolutionTests {
    static let shapes: [ConvCase] = [
        ConvCase(size: (1, 1), kernel: (1, 1)),
        ConvCase(channels: (1, 32), size: (14, 28), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(channels: (3, 24), size: (23, 25), stride: (2, 2), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(channels: (3, 33), size: (21, 17), kernel: (7, 7), stride: (2, 2), padBegin: (3, 3), padEnd: (3, 3)),
        // Pointwise: as it lies, strided, padded, rows that collide in the cache.
        ConvCase(images: 2, channels: (16, 30), size: (7, 7), kernel: (1, 1), hasResidual: true),
        ConvCase(channels: (300, 70), size: (3, 9), kernel: (1, 1)),
        ConvCase(images: 2, channels: (8, 40), size: (13, 12), kernel: (1, 1), stride: (2, 3)),
        ConvCase(channels: (3, 4), size: (6, 6), kernel: (1, 1), padBegin: (1, 2), padEnd: (2, 1)),
        ConvCase(channels: (512, 17), size: (4, 5), kernel: (1, 1)),
        // Several blocks of K, which end within a tap; kernels larger than a picture.
        ConvCase(images: 2, channels: (170, 17), size: (2, 4), padBegin: (1, 1), padEnd: (1, 1), hasResidual: true),
        ConvCase(channels: (900, 9), size: (2, 2), kernel: (2, 1)),
        ConvCase(channels: (2, 6), size: (4, 4), padBegin: (6, 5), padEnd: (5, 7)),
        ConvCase(channels: (2, 3), size: (3, 200), kernel: (2, 190), padBegin: (0, 3)),
        // Strides, dilations, strides larger than the window.
        ConvCase(channels: (6, 12), size: (23, 19), stride: (3, 2), dilation: (2, 3), padBegin: (3, 4), padEnd: (1, 5)),
        ConvCase(channels: (3, 9), size: (30, 31), kernel: (2, 3), stride: (5, 4)),
        // Units of panels: few pixels, many channels.
        ConvCase(channels: (20, 150), size: (3, 3), padBegin: (1, 1), padEnd: (1, 1), hasBias: false),
        ConvCase(images: 3, channels: (32, 200), size: (2, 2), kernel: (1, 1), hasResidual: true, gap: 3),
        // Groups, with panels of all widths, and several outputs for one input.
        ConvCase(groups: 2, channels: (4, 6), size: (7, 8), padBegin: (1, 1), padEnd: (1, 1), hasResidual: true),
        ConvCase(groups: 3, channels: (9, 135), size: (6, 5), kernel: (2, 2)),
        ConvCase(images: 3, groups: 4, channels: (8, 32), size: (6, 6), kernel: (1, 1), hasResidual: true, gap: 5),
        ConvCase(images: 2, groups: 8, channels: (32, 32), size: (7, 8), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(groups: 4, channels: (4, 12), size: (9, 9), stride: (2, 2), padBegin: (1, 1), padEnd: (1, 1)),
        // Several blocks of rows, bands that end within the picture.
        ConvCase(channels: (2, 3), size: (70, 300), kernel: (2, 2), hasBias: false),
        ConvCase(images: 2, channels: (3, 5), size: (8, 8), hasBias: false, hasResidual: true, gap: 7),
    ]

    static let cases: [PixelConvCase] = shapes.flatMap { shape in
        [
            PixelConvCase(base: shape),
            PixelConvCase(base: shape, inputGap: 3, outputGap: 5, residualGap: 2),
            PixelConvCase(base: shape, layout: PICKET_LAYOUT_PLANAR, outputGap: 1),
        ]
    }

    @Test("every element is one chain, exact to its bits", arguments: KernelLevel.available, cases)
    func matchesChain(level: KernelLevel, it: PixelConvCase) {
        let expected = it.chained(level)
        let exact = it.exact()
        let depth = it.base.groupChannels * it.base.kernel.0 * it.base.kernel.1
        for side in GuardedFloats.Side.allCases {
            let result = it.computed(level, side: side)
            expectSameBits(result, expected, "\(it)")
            expectClose(result, exact, tolerance: 1e-6 * Double(depth + 4), "\(it)")
        }
    }

    @Test("units computed apart make the whole", arguments: KernelLevel.available, cases)
    func splits(level: KernelLevel, it: PixelConvCase) {
        let whole = it.computed(level)
        for parts in [2, 3, 50] {
            expectSameBits(it.computed(level, parts: parts), whole, "\(parts) parts of \(it)")
        }
    }

    @Test("shapes drawn at random", arguments: KernelLevel.available, 0..<80 as Range<UInt64>)
    func randomShapes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 700)
        let it = PixelConvCase.random(seed: seed, using: &random)
        let expected = it.chained(level)
        expectSameBits(it.computed(level), expected, "\(it)")
        expectSameBits(it.computed(level, parts: 3), expected, "in parts: \(it)")
    }

    @Test("activations", arguments: KernelLevel.available, everyActivation)
    func activations(level: KernelLevel, activation: picket_activation) {
        for (groups, outputs) in [(1, 48), (1, 33), (4, 8)] {
            let shape = ConvCase(
                groups: groups,
                channels: (4, outputs),
                size: (9, 10),
                padBegin: (1, 1),
                activation: activation,
                hasResidual: true
            )
            for layout in [PICKET_LAYOUT_CHANNELS_LAST, PICKET_LAYOUT_PLANAR] {
                let it = PixelConvCase(base: shape, layout: layout, outputGap: 3)
                expectClose(it.computed(level), it.exact(), tolerance: 5e-5, "\(it)")
            }
        }
    }

    @Test("an image's bits do not depend on the images beside it", arguments: KernelLevel.available, [1, 4])
    func imagesAreIndependent(level: KernelLevel, groups: Int) {
        for kernel in [1, 3] {
            var shape = ConvCase(images: 20, groups: groups, channels: (4, 36), size: (5, 7), kernel: (kernel, kernel))
            (shape.padBegin, shape.padEnd) = ((kernel / 2, kernel / 2), (kernel / 2, kernel / 2))
            for layout in [PICKET_LAYOUT_CHANNELS_LAST, PICKET_LAYOUT_PLANAR] {
                let batch = PixelConvCase(base: shape, layout: layout)
                let whole = batch.computed(level)
                for images in [1, 2, 7] {
                    // The input is drawn image by image, so a smaller batch of the same seed starts with the same images.
                    var some = batch
                    some.base.images = images
                    expectSameBits(
                        some.computed(level),
                        Array(whole.prefix(images * batch.outputImageStride)),
                        "\(some)"
                    )
                }
            }
        }
    }

    @Test("an empty output is left alone", arguments: KernelLevel.available)
    func emptyOutput(level: KernelLevel) {
        #expect(PixelConvCase(base: ConvCase(size: (2, 5))).computed(level).isEmpty)
        #expect(PixelConvCase(base: ConvCase(images: 0, size: (5, 5))).computed(level).isEmpty)
    }

    @Test("scratch stays far below the unfolded input", arguments: KernelLevel.available)
    func scratchIsSmall(level: KernelLevel) {
        for (channels, layout) in [
            (64, PICKET_LAYOUT_CHANNELS_LAST), (512, PICKET_LAYOUT_CHANNELS_LAST), (3, PICKET_LAYOUT_PLANAR),
        ] {
            var shape = ConvCase(
                channels: (channels, 64),
                size: (224, 224),
                padBegin: (1, 1),
                padEnd: (1, 1)
            ).shape
            #expect(level.convolution(PICKET_CONV_GEMM).scratch_bytes(&shape, layout) < 1 << 19)
        }
    }
}

extension PixelConvCase {
    static func random(seed: UInt64, using random: inout Random) -> PixelConvCase {
        var it = ConvCase()
        it.seed = seed
        it.images = .random(in: 1...3, using: &random)
        it.groups = [1, 1, 1, 2, 3, 5].randomElement(using: &random) ?? 1
        it.channels.input = it.groups * .random(in: 1...(it.groups == 1 ? 40 : 5), using: &random)
        it.channels.output = it.groups * .random(in: 1...(it.groups == 1 ? 70 : 16), using: &random)
        it.kernel = (.random(in: 1...4, using: &random), .random(in: 1...4, using: &random))
        it.stride = (.random(in: 1...3, using: &random), .random(in: 1...3, using: &random))
        it.dilation = (.random(in: 1...2, using: &random), .random(in: 1...2, using: &random))
        it.padBegin = (.random(in: 0...3, using: &random), .random(in: 0...3, using: &random))
        it.padEnd = (.random(in: 0...3, using: &random), .random(in: 0...3, using: &random))
        it.size = (
            .random(in: 1...9, using: &random) + (it.kernel.0 - 1) * it.dilation.0,
            .random(in: 1...20, using: &random) + (it.kernel.1 - 1) * it.dilation.1
        )
        it.hasBias = .random(using: &random)
        it.hasResidual = .random(using: &random)
        it.gap = .random(in: 0...5, using: &random)
        return PixelConvCase(
            base: it,
            layout: .random(using: &random) ? PICKET_LAYOUT_PLANAR : PICKET_LAYOUT_CHANNELS_LAST,
            inputGap: [0, 0, 4].randomElement(using: &random) ?? 0,
            outputGap: [0, 0, 9].randomElement(using: &random) ?? 0,
            residualGap: [0, 0, 2].randomElement(using: &random) ?? 0
        )
    }
}
