import PicketTensor

extension Window.Geometry {
    /// Three spatial axes whatever there are: missing outer ones have extent 1.
    var volume: Window.Geometry {
        let missing = 3 - kernel.count
        guard missing > 0 else { return self }
        let (ones, zeros) = ([Int](repeating: 1, count: missing), [Int](repeating: 0, count: missing))
        return Window.Geometry(
            kernel: ones + kernel,
            strides: ones + strides,
            dilations: ones + dilations,
            begins: zeros + begins,
            ends: zeros + ends,
            input: ones + input,
            output: ones + output
        )
    }
}

/// A window over three spatial axes, with the taps of every position worked out.
struct VolumeWindow: Sendable {
    /// The taps of one position along an axis that lie inside the input.
    struct Taps: Sendable {
        // Half as wide as they might be: there may be as many as the result has elements.
        private let start: Int32
        private let kernelTap: Int32
        private let inside: Int32
        private let reached: Int32

        init(first: Int, tap: Int, count: Int, padded: Int) {
            // Extents, taps and paddings of a window lie below 2^24, and so do their reaches where anything is inside.
            start = Int32(truncatingIfNeeded: first)
            kernelTap = Int32(truncatingIfNeeded: tap)
            inside = Int32(truncatingIfNeeded: count)
            reached = Int32(truncatingIfNeeded: padded)
        }

        /// The first one's place in the input.
        var first: Int { Int(start) }
        /// Which tap of the kernel it is.
        var tap: Int { Int(kernelTap) }
        var count: Int { Int(inside) }
        /// How many lie inside the padded input.
        var padded: Int { Int(reached) }
    }

    let geometry: Window.Geometry
    /// By axis and position.
    let taps: [[Taps]]

    init(_ given: Window.Geometry) {
        let geometry = given.volume
        self.geometry = geometry
        taps = (0..<3).map { axis in
            (0..<geometry.output[axis]).map { position in
                let (inside, padded) = geometry.taps(axis, at: position)
                let first = position * geometry.strides[axis] - geometry.begins[axis]
                return Taps(
                    first: first + inside.lowerBound * geometry.dilations[axis],
                    tap: inside.lowerBound,
                    count: inside.count,
                    padded: padded
                )
            }
        }
    }

    var inputPlane: Int { geometry.input.reduce(1, *) }
    var outputPlane: Int { geometry.output.reduce(1, *) }
    var kernelTaps: Int { geometry.kernel.reduce(1, *) }

    /// The taps of an element of the result's plane, by axis.
    @inline(__always)
    func taps(at index: Int) -> (depth: Taps, row: Taps, column: Taps) {
        let (width, height) = (geometry.output[2], geometry.output[1])
        return (taps[0][index / (width * height)], taps[1][index / width % height], taps[2][index % width])
    }

    /// Calls `body` with the place in the input's plane of every tap inside it, and which tap of the kernel it is.
    @inline(__always)
    func forEachTap(at index: Int, _ body: (_ place: Int, _ tap: Int) -> Void) {
        let (depth, row, column) = taps(at: index)
        for k in 0..<depth.count {
            let z = depth.first + k * geometry.dilations[0]
            for i in 0..<row.count {
                let y = row.first + i * geometry.dilations[1]
                let line = (z * geometry.input[1] + y) * geometry.input[2]
                let first = ((depth.tap + k) * geometry.kernel[1] + row.tap + i) * geometry.kernel[2] + column.tap
                for j in 0..<column.count { body(line + column.first + j * geometry.dilations[2], first + j) }
            }
        }
    }
}
