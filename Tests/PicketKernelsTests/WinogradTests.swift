import CPicketKernels
import Testing

@Suite("Winograd convolutions")
struct WinogradTests {
    static let cases = [
        WinogradCase(channels: (1, 1), size: (1, 1)),
        WinogradCase(
            images: 2,
            channels: (3, 5),
            size: (3, 5),
            activation: PICKET_ACTIVATION_RELU,
            residual: true,
            widths: (0, 3, 1)
        ),
        WinogradCase(
            channels: (17, 33),
            size: (7, 7),
            activation: PICKET_ACTIVATION_CLIP,
            residual: true,
            widths: (5, 0, 2)
        ),
        WinogradCase(
            images: 2,
            channels: (32, 48),
            size: (13, 13),
            padBegin: (0, 0),
            padEnd: (0, 0),
            activation: PICKET_ACTIVATION_LEAKY_RELU
        ),
        WinogradCase(
            channels: (33, 70),
            size: (9, 12),
            padBegin: (2, 2),
            padEnd: (2, 2),
            activation: PICKET_ACTIVATION_HARD_SWISH,
            residual: true
        ),
        WinogradCase(
            images: 3,
            channels: (20, 130),
            size: (7, 6),
            padBegin: (0, 1),
            padEnd: (2, 0),
            bias: false,
            residual: true
        ),
        WinogradCase(
            channels: (16, 16),
            size: (4, 8),
            padBegin: (2, 0),
            padEnd: (0, 1),
            activation: PICKET_ACTIVATION_RELU,
            bias: false
        ),
        WinogradCase(
            images: 9,
            channels: (8, 20),
            size: (5, 5),
            activation: PICKET_ACTIVATION_SIGMOID,
            residual: true,
            widths: (1, 2, 3)
        ),
        WinogradCase(images: 12, channels: (4, 65), size: (6, 3), activation: PICKET_ACTIVATION_SILU),
        WinogradCase(channels: (5, 9), size: (1, 40), activation: PICKET_ACTIVATION_GELU, residual: true),
        WinogradCase(channels: (300, 12), size: (4, 4), activation: PICKET_ACTIVATION_RELU),
    ]

    @Test("agree with the definition", arguments: KernelLevel.available, WinogradTests.cases)
    func agreement(level: KernelLevel, wanted: WinogradCase) {
        let exact = wanted.conv.exact()
        let greatest = exact.reduce(1) { max($0, abs($1)) }
        for tile in WinogradCase.Tile.allCases {
            for side in GuardedFloats.Side.allCases {
                guard let computed = wanted.computed(level, tile, side: side) else {
                    Issue.record("something was written between pixels")
                    continue
                }
                expectClose(computed, exact, tolerance: 2e-5 * greatest, "F(\(tile.rawValue))")
            }
        }
    }

    @Test("the same bits however the units are cut", arguments: KernelLevel.available, WinogradTests.cases)
    func cuts(level: KernelLevel, wanted: WinogradCase) {
        for tile in WinogradCase.Tile.allCases {
            let whole = wanted.computed(level, tile) ?? []
            for cuts in [[1], Array(1..<40), [2, 5, 6], [3, 4, 13]] {
                expectSameBits(wanted.computed(level, tile, cuts: cuts) ?? [], whole, "cut at \(cuts)")
            }
        }
    }

    @Test("the same bits in every batch", arguments: KernelLevel.available)
    func batches(level: KernelLevel) {
        for wanted in WinogradTests.cases where wanted.conv.images > 1 {
            let size = wanted.conv.outputStride
            let images = wanted.conv.images
            for tile in WinogradCase.Tile.allCases {
                let whole = wanted.computed(level, tile) ?? []
                for part in [0..<1, images - 1..<images, 1..<images] {
                    let alone = wanted.computed(level, tile, images: part) ?? []
                    let range = part.lowerBound * size..<part.upperBound * size
                    expectSameBits(Array(alone[range]), Array(whole[range]), "images \(part) of \(wanted)")
                }
            }
        }
    }

    /// A NaN cell reaches the outputs whose windows it is in, as everywhere; and of the others those alone whose tile's
    /// window it is in.
    @Test("a NaN cell stays in its tiles", arguments: KernelLevel.available, [Float.nan, .infinity])
    func locality(level: KernelLevel, special: Float) {
        let wanted = WinogradCase(images: 2, channels: (3, 3), size: (11, 14))
        let plane = 11 * 14
        for tile in WinogradCase.Tile.allCases {
            let clean = wanted.computed(level, tile) ?? []
            for (y, x) in [(0, 0), (4, 7), (7, 12), (10, 13)] {
                var input = wanted.conv.input
                input[4 * plane + y * 14 + x] = special
                let computed = wanted.computed(level, tile, input: input) ?? []
                for (index, value) in computed.enumerated() {
                    let (row, column) = (index % plane / 14, index % 14)
                    let side = tile.rawValue
                    let (top, left) = (row / side * side, column / side * side)
                    let isInTile = top - 1...top + side ~= y && left - 1...left + side ~= x
                    if index / (3 * plane) == 1, abs(row - y) <= 1, abs(column - x) <= 1 {
                        #expect(!value.isFinite, "F(\(side)) element \(index) sees the cell")
                    } else if index / (3 * plane) == 0 || !isInTile {
                        #expect(value == clean[index], "F(\(side)) element \(index) does not see the cell")
                    }
                }
            }
        }
    }

    @Test("take nothing but dense 3 × 3 with stride 1, channels last", arguments: KernelLevel.available)
    func support(level: KernelLevel) {
        for tile in WinogradCase.Tile.allCases {
            let supports = tile.kernel(level).supports
            var shape = ConvCase(channels: (4, 4)).shape
            #expect(supports(&shape, PICKET_LAYOUT_CHANNELS_LAST))
            #expect(!supports(&shape, PICKET_LAYOUT_PLANAR))
            let others = [
                ConvCase(groups: 2, channels: (4, 4)), ConvCase(kernel: (3, 1)), ConvCase(kernel: (5, 3)),
                ConvCase(stride: (2, 1)), ConvCase(stride: (1, 2)), ConvCase(dilation: (2, 1)),
                ConvCase(dilation: (1, 2)),
            ]
            for other in others {
                shape = other.shape
                #expect(!supports(&shape, PICKET_LAYOUT_CHANNELS_LAST), "\(other)")
            }
        }
    }

    @Test("nothing to do is done", arguments: KernelLevel.available)
    func empty(level: KernelLevel) {
        for tile in WinogradCase.Tile.allCases {
            let wanted = WinogradCase(channels: (0, 3), size: (4, 4), activation: PICKET_ACTIVATION_RELU)
            expectClose(wanted.computed(level, tile) ?? [], wanted.conv.exact(), tolerance: 0, "no channels")
            #expect(WinogradCase(images: 0, channels: (2, 3), size: (4, 4)).computed(level, tile) == [])
        }
    }
}
