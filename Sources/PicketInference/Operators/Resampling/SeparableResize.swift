import PicketTensor

/// Resizes some axes of one part of a tensor by sums, axis by axis.
struct SeparableResize: Sendable {
    /// One axis: [outer, input, inner] becomes [outer, output, inner].
    struct Pass: Sendable {
        var outer: Int
        var input: Int
        var output: Int
        var inner: Int
        var weights: ResizeAxis.Weights

        var inputCount: Int { outer * input * inner }
        var outputCount: Int { outer * output * inner }
    }

    /// Parts that are resized alike, each for itself.
    let parts: Int
    let partInput: Int
    let partOutput: Int
    let passes: [Pass]
    /// Elements of the largest thing between two passes.
    let between: Int
    /// Places of a part that lie outside of the operand; empty where none does.
    let outside: [Bool]

    /// - Parameter axes: by axis; nil for those that stay as they are.
    init(shape: [Int], axes: [(output: Int, weights: ResizeAxis.Weights)?]) {
        let first = axes.firstIndex { $0 != nil } ?? axes.count
        parts = shape[..<first].reduce(1, *)
        var extents = Array(shape[first...])
        partInput = extents.reduce(1, *)
        var passes: [Pass] = []
        var outside: [Bool] = []
        // What shrinks comes first, so that less remains to be done.
        let order = extents.indices.sorted { left, right in
            let ratio = { (axis: Int) in
                axes[first + axis].map { Double($0.output) / Double(max(extents[axis], 1)) } ?? 1
            }
            return ratio(left) == ratio(right) ? left < right : ratio(left) < ratio(right)
        }
        for axis in order {
            guard let (output, weights) = axes[first + axis] else { continue }
            passes.append(
                Pass(
                    outer: extents[..<axis].reduce(1, *),
                    input: extents[axis],
                    output: output,
                    inner: extents[(axis + 1)...].reduce(1, *),
                    weights: weights
                )
            )
            extents[axis] = output
        }
        partOutput = extents.reduce(1, *)
        if axes.contains(where: { $0?.weights.outside.contains(true) ?? false }) {
            outside = [Bool](repeating: false, count: partOutput)
            var inner = partOutput
            for axis in extents.indices {
                inner /= max(extents[axis], 1)
                guard let flags = axes[first + axis]?.weights.outside else { continue }
                for index in outside.indices where flags[index / inner % extents[axis]] { outside[index] = true }
            }
        }
        self.passes = passes
        self.outside = outside
        between = passes.map { max($0.inputCount, $0.outputCount) }.max() ?? partInput
    }

    /// Runs all passes on a part in numbers of one precision.
    ///
    /// - Parameters:
    ///   - source: the part's elements; passes leave them alone.
    ///   - first: room for ``between`` numbers, as `second`.
    /// - Returns: where the result lies, one of the three.
    func run<Work: BinaryFloatingPoint>(
        _ source: UnsafePointer<Work>,
        _ first: UnsafeMutablePointer<Work>,
        _ second: UnsafeMutablePointer<Work>,
        _ factors: [[Work]]
    ) -> UnsafePointer<Work> {
        var (from, to, spare) = (source, first, second)
        for (index, pass) in passes.enumerated() {
            pass.run(from, to, factors[index])
            from = UnsafePointer(to)
            swap(&to, &spare)
        }
        return from
    }
}

extension SeparableResize.Pass {
    func run<Work: BinaryFloatingPoint>(
        _ from: UnsafePointer<Work>,
        _ to: UnsafeMutablePointer<Work>,
        _ factors: [Work]
    ) {
        let taps = weights.taps
        weights.places.withUnsafeBufferPointer { places in
            factors.withUnsafeBufferPointer { factors in
                for block in 0..<outer {
                    let (source, target) = (from + block * input * inner, to + block * output * inner)
                    for place in 0..<output {
                        let first = Int(places[place * taps])
                        guard inner > 1 else {
                            var sum = factors[place * taps] * source[first]
                            for tap in 1..<max(taps, 1) { sum += factors[place * taps + tap] * source[first + tap] }
                            target[place] = sum
                            continue
                        }
                        let line = target + place * inner
                        let factor = factors[place * taps]
                        for index in 0..<inner { line[index] = factor * source[first * inner + index] }
                        for tap in 1..<max(taps, 1) where factors[place * taps + tap] != 0 {
                            let (factor, other) = (factors[place * taps + tap], source + (first + tap) * inner)
                            for index in 0..<inner { line[index] += factor * other[index] }
                        }
                    }
                }
            }
        }
    }
}
