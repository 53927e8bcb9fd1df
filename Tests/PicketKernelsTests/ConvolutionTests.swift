import CPicketKernels
import Testing

/// Convolutions of every ISA level against plain loops.
@Suite("conv2d")
struct ConvolutionTests {
    static let cases: [ConvCase] = [
        ConvCase(size: (1, 1), kernel: (1, 1)),
        ConvCase(channels: (1, 32), size: (28, 28), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(channels: (3, 7), size: (9, 11), stride: (2, 2), padBegin: (1, 1), padEnd: (1, 1)),
        // One output row of several panels; several output rows in a panel; one column.
        ConvCase(channels: (2, 5), size: (3, 77), padBegin: (1, 0), padEnd: (0, 2)),
        ConvCase(channels: (5, 13), size: (30, 3), kernel: (2, 2), padBegin: (0, 1)),
        ConvCase(channels: (4, 6), size: (40, 1), kernel: (3, 1)),
        ConvCase(channels: (4, 15), size: (1, 50), kernel: (1, 5), padBegin: (0, 2), padEnd: (0, 2)),
        // Pointwise: as it lies, strided, padded.
        ConvCase(channels: (16, 14), size: (7, 7), kernel: (1, 1)),
        ConvCase(channels: (300, 29), size: (5, 9), kernel: (1, 1)),
        ConvCase(channels: (8, 8), size: (13, 12), kernel: (1, 1), stride: (2, 3)),
        ConvCase(channels: (3, 4), size: (6, 6), kernel: (1, 1), padBegin: (1, 2), padEnd: (2, 1)),
        // Several blocks of K; kernels larger than a block.
        ConvCase(channels: (60, 20), size: (8, 9), padBegin: (1, 1), padEnd: (1, 1), hasResidual: true),
        ConvCase(channels: (3, 8), size: (20, 21), kernel: (17, 18)),
        ConvCase(channels: (2, 3), size: (17, 300), kernel: (2, 290), padBegin: (0, 3)),
        // More channels than pass over a panel at once: the band is unfolded again.
        ConvCase(channels: (2, 400), size: (7, 6), kernel: (2, 2)),
        // Strides and dilations, a stride larger than the window, pads larger than the kernel.
        ConvCase(channels: (6, 12), size: (23, 19), stride: (3, 2), dilation: (2, 3), padBegin: (3, 4), padEnd: (1, 5)),
        ConvCase(channels: (3, 9), size: (30, 31), kernel: (2, 3), stride: (5, 4)),
        ConvCase(channels: (2, 6), size: (4, 4), padBegin: (6, 5), padEnd: (5, 7)),
        ConvCase(channels: (3, 16), size: (33, 35), kernel: (7, 7), stride: (2, 2), padBegin: (3, 3), padEnd: (3, 3)),
        // Groups, with tiles of all widths in a group.
        ConvCase(groups: 2, channels: (4, 6), size: (7, 8), padBegin: (1, 1), padEnd: (1, 1), hasResidual: true),
        ConvCase(groups: 3, channels: (9, 45), size: (6, 5), kernel: (2, 2)),
        ConvCase(images: 3, groups: 4, channels: (8, 32), size: (6, 6), kernel: (1, 1), hasResidual: true, gap: 5),
        // Depthwise: 3×3, other kernels, several outputs a channel.
        ConvCase(groups: 5, channels: (5, 5), size: (28, 28), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(groups: 4, channels: (4, 4), size: (15, 14), stride: (2, 2), padBegin: (1, 1), padEnd: (1, 1)),
        ConvCase(groups: 3, channels: (3, 3), size: (14, 7), kernel: (5, 5), padBegin: (2, 2), padEnd: (2, 2)),
        ConvCase(groups: 3, channels: (3, 6), size: (9, 33), kernel: (2, 3), stride: (1, 3), dilation: (2, 2)),
        ConvCase(images: 2, groups: 2, channels: (2, 2), size: (120, 110), hasResidual: true, gap: 3),
        ConvCase(groups: 2, channels: (2, 2), size: (5, 1), kernel: (3, 1)),
        ConvCase(groups: 6, channels: (6, 6), size: (9, 9), kernel: (1, 1), stride: (2, 2)),
        ConvCase(groups: 2, channels: (2, 2), size: (12, 17), stride: (1, 2), dilation: (2, 1), padBegin: (2, 1)),
        // Bands that end within the picture.
        ConvCase(channels: (40, 10), size: (60, 70), kernel: (3, 3), padBegin: (1, 1), padEnd: (1, 1), hasBias: false),
        ConvCase(images: 2, channels: (3, 5), size: (8, 8), hasBias: false, hasResidual: true, gap: 7),
    ]

    @Test("every element is one chain in ascending weights, exact to its bits", arguments: KernelLevel.available, cases)
    func matchesChain(level: KernelLevel, it: ConvCase) {
        let expected = it.chained(level)
        let depth = it.groupChannels * it.kernel.0 * it.kernel.1
        for side in GuardedFloats.Side.allCases {
            let result = it.computed(level, side: side)
            expectSameBits(result, expected, "\(it)")
            expectClose(result, it.exact(), tolerance: 1e-6 * Double(depth + 4), "\(it)")
        }
    }

    @Test("shapes drawn at random", arguments: KernelLevel.available, 0..<60 as Range<UInt64>)
    func randomShapes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 500)
        var it = ConvCase()
        it.seed = seed
        it.images = .random(in: 1...2, using: &random)
        it.groups = [1, 1, 1, 2, 3, 5].randomElement(using: &random) ?? 1
        it.channels.input = it.groups * .random(in: 1...(it.groups == 1 ? 40 : 3), using: &random)
        it.channels.output = it.groups * .random(in: 1...(it.groups == 1 ? 40 : 16), using: &random)
        it.kernel = (.random(in: 1...5, using: &random), .random(in: 1...5, using: &random))
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
        let expected = it.chained(level)
        expectSameBits(it.computed(level), expected, "\(it)")
        expectSameBits(it.computed(level, parts: (3, 2)), expected, "in parts: \(it)")
    }

    @Test("activations", arguments: KernelLevel.available, everyActivation)
    func activations(level: KernelLevel, activation: picket_activation) {
        for groups in [1, 2, 4] {
            let it = ConvCase(
                groups: groups,
                channels: (4, 8),
                size: (9, 10),
                padBegin: (1, 1),
                activation: activation,
                hasResidual: true
            )
            expectClose(it.computed(level), it.exact(), tolerance: 5e-5, "\(it)")
        }
    }

    @Test("parts of a convolution make the whole", arguments: KernelLevel.available, cases)
    func splits(level: KernelLevel, it: ConvCase) {
        let whole = it.computed(level)
        for parts in [(2, 1), (1, 3), (4, 4), (50, 1)] {
            expectSameBits(it.computed(level, parts: parts), whole, "\(parts) of \(it)")
        }
    }

    @Test("an image's bits do not depend on the images beside it", arguments: KernelLevel.available)
    func imagesAreIndependent(level: KernelLevel) {
        for groups in [1, 4] {
            let batch = ConvCase(
                images: 5,
                groups: groups,
                channels: (8, 16),
                size: (7, 9),
                padBegin: (1, 1),
                padEnd: (1, 1)
            )
            let whole = batch.computed(level)
            // The input is drawn image by image, so a smaller batch of the same seed starts with the same images.
            let first = ConvCase(
                images: 2,
                groups: groups,
                channels: (8, 16),
                size: (7, 9),
                padBegin: (1, 1),
                padEnd: (1, 1)
            )
            expectSameBits(first.computed(level), Array(whole.prefix(2 * batch.outputStride)), "\(first)")
        }
    }

    @Test("an empty output is left alone", arguments: KernelLevel.available)
    func emptyOutput(level: KernelLevel) {
        #expect(ConvCase(size: (2, 5)).computed(level).isEmpty)
        #expect(ConvCase(images: 0, size: (5, 5)).computed(level).isEmpty)
    }

    @Test("scratch stays far below the unfolded input", arguments: KernelLevel.available)
    func scratchIsSmall(level: KernelLevel) {
        for channels in [64, 512] {
            var shape = ConvCase(
                channels: (channels, channels),
                size: (224, 224),
                padBegin: (1, 1),
                padEnd: (1, 1)
            ).shape
            #expect(level.table.conv2d_scratch_bytes(&shape) < 1 << 18)
        }
    }
}
