import CPicketKernels
import Testing

/// A pooling with its input, and what comes out of it by plain loops.
struct PoolCase: CustomStringConvertible, Sendable {
    var planes = 2
    /// Height and width of each.
    var size = (8, 8), kernel = (2, 2), stride = (2, 2), dilation = (1, 1)
    var padBegin = (0, 0), padEnd = (0, 0)
    var roundsUp = false
    var countsPads = false
    var seed: UInt64 = 1

    /// Height and width of the output; with `roundsUp` a last window may hang over the end, but must start before it.
    var result: (Int, Int) {
        func length(_ size: Int, _ begin: Int, _ end: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let room = size + begin + end - (kernel - 1) * dilation - 1
            guard room >= 0 else { return 0 }
            let count = (room + (roundsUp ? stride - 1 : 0)) / stride + 1
            return (count - 1) * stride >= size + begin ? count - 1 : count
        }
        return (
            length(size.0, padBegin.0, padEnd.0, kernel.0, stride.0, dilation.0),
            length(size.1, padBegin.1, padEnd.1, kernel.1, stride.1, dilation.1)
        )
    }

    var shape: picket_pool2d {
        picket_pool2d(
            in_height: size.0,
            in_width: size.1,
            out_height: result.0,
            out_width: result.1,
            kernel_height: kernel.0,
            kernel_width: kernel.1,
            stride_height: stride.0,
            stride_width: stride.1,
            dilation_height: dilation.0,
            dilation_width: dilation.1,
            pad_top: padBegin.0,
            pad_left: padBegin.1,
            pad_bottom: padEnd.0,
            pad_right: padEnd.1,
            count_include_pad: countsPads
        )
    }

    var description: String {
        """
        \(planes) × \(size) kernel \(kernel) stride \(stride) dilation \(dilation) pads \(padBegin) \(padEnd) \
        rounds up \(roundsUp) counts pads \(countsPads) seed \(seed)
        """
    }

    var input: [Float] { Random.floats(planes * size.0 * size.1, seed: seed) }

    /// For each output element the input cells of its window, and how many cells the window has inside the padded input.
    func windows(of input: [Float]) -> [(cells: [Float], padded: Int)] {
        var windows: [(cells: [Float], padded: Int)] = []
        for plane in 0..<planes {
            for y in 0..<result.0 {
                for x in 0..<result.1 {
                    var window: (cells: [Float], padded: Int) = ([], 0)
                    for tap in 0..<kernel.0 * kernel.1 {
                        let row = y * stride.0 + tap / kernel.1 * dilation.0 - padBegin.0
                        let column = x * stride.1 + tap % kernel.1 * dilation.1 - padBegin.1
                        if 0..<size.0 ~= row, 0..<size.1 ~= column {
                            window.cells.append(input[(plane * size.0 + row) * size.1 + column])
                        }
                        window.padded += row < size.0 + padEnd.0 && column < size.1 + padEnd.1 ? 1 : 0
                    }
                    windows.append(window)
                }
            }
        }
        return windows
    }

    static func maximum(_ cells: [Float]) -> Float {
        cells.contains { $0.isNaN } ? .nan : cells.max() ?? -.infinity
    }

    func average(_ window: (cells: [Float], padded: Int)) -> Double {
        window.cells.reduce(0.0) { $0 + Double($1) } / Double(countsPads ? window.padded : window.cells.count)
    }

    /// What the kernel makes of the planes as channels-last pictures, its output rows in two calls; as planes again.
    func computed(_ level: KernelLevel, average: Bool, input: [Float], side: GuardedFloats.Side = .end) -> [Float] {
        var shape = shape
        let (cells, pixels) = (size.0 * size.1, result.0 * result.1)
        let source = GuardedFloats(
            (0..<cells * planes).map { input[$0 % planes * cells + $0 / planes] },
            against: side
        )
        let target = GuardedFloats(output: planes * pixels, against: side)
        let pool = average ? level.table.average_pool_rows : level.table.max_pool_rows
        for rows in [0..<result.0 / 2, result.0 / 2..<result.0] {
            pool(
                &shape,
                planes,
                source.base,
                cells * planes,
                planes,
                target.base,
                pixels * planes,
                planes,
                rows.lowerBound,
                rows.upperBound
            )
        }
        target.expectIntact()
        let values = target.values
        return (0..<planes * pixels).map { values[$0 % pixels * planes + $0 / pixels] }
    }
}

/// Poolings of every ISA level against plain loops.
@Suite("pooling")
struct PoolingTests {
    static let cases: [PoolCase] = [
        PoolCase(size: (28, 28)), PoolCase(size: (14, 14)), PoolCase(size: (7, 7)),
        PoolCase(size: (7, 7), roundsUp: true),
        PoolCase(size: (1, 1), kernel: (1, 1), stride: (1, 1)),
        PoolCase(size: (9, 35), kernel: (3, 3), padBegin: (1, 1), padEnd: (1, 1)),
        PoolCase(size: (9, 35), kernel: (3, 3), padBegin: (1, 1), padEnd: (1, 1), roundsUp: true, countsPads: true),
        PoolCase(size: (13, 12), kernel: (3, 2), stride: (1, 3), dilation: (2, 3), padBegin: (2, 1), padEnd: (0, 1)),
        PoolCase(size: (1, 40), kernel: (1, 4), stride: (1, 3), padBegin: (0, 2), padEnd: (0, 1), countsPads: true),
        PoolCase(planes: 70, size: (7, 7), kernel: (7, 7), stride: (1, 1)),
        PoolCase(planes: 3, size: (150, 130), kernel: (3, 3), padBegin: (1, 0), padEnd: (0, 1)),
        PoolCase(size: (20, 17), kernel: (2, 2), stride: (5, 4)),
    ]

    @Test("each window's maximum and mean", arguments: KernelLevel.available, cases)
    func matches(level: KernelLevel, it: PoolCase) {
        let windows = it.windows(of: it.input)
        for side in GuardedFloats.Side.allCases {
            expectSameBits(
                it.computed(level, average: false, input: it.input, side: side),
                windows.map { PoolCase.maximum($0.cells) },
                "maximum of \(it)"
            )
            expectClose(
                it.computed(level, average: true, input: it.input, side: side),
                windows.map(it.average),
                tolerance: 1e-6,
                "average of \(it)"
            )
        }
    }

    @Test("shapes drawn at random", arguments: KernelLevel.available, 0..<60 as Range<UInt64>)
    func randomShapes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 9000)
        var it = PoolCase(seed: seed)
        it.planes = .random(in: 1...40, using: &random)
        it.kernel = (.random(in: 1...4, using: &random), .random(in: 1...5, using: &random))
        it.stride = (.random(in: 1...4, using: &random), .random(in: 1...4, using: &random))
        it.dilation = (.random(in: 1...2, using: &random), .random(in: 1...3, using: &random))
        it.padBegin = (.random(in: 0..<it.kernel.0, using: &random), .random(in: 0..<it.kernel.1, using: &random))
        it.padEnd = (.random(in: 0..<it.kernel.0, using: &random), .random(in: 0..<it.kernel.1, using: &random))
        it.size = (
            .random(in: 1...12, using: &random) + (it.kernel.0 - 1) * it.dilation.0,
            .random(in: 1...50, using: &random) + (it.kernel.1 - 1) * it.dilation.1
        )
        it.roundsUp = .random(using: &random)
        it.countsPads = .random(using: &random)
        var input = it.input
        for special in [Float.nan, .infinity, -.infinity] where seed % 3 == 0 {
            input[.random(in: input.indices, using: &random)] = special
        }
        let windows = it.windows(of: input)
        expectSameBits(
            it.computed(level, average: false, input: input),
            windows.map { PoolCase.maximum($0.cells) },
            "maximum of \(it)"
        )
        expectClose(
            it.computed(level, average: true, input: input),
            windows.map(it.average),
            tolerance: 1e-6,
            "average of \(it)"
        )
    }
}
