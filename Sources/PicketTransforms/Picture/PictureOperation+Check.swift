extension PictureOperation {
    /// Whether the parameters are in range, and pictures of this shape can be treated so.
    ///
    /// - Throws: ``TransformFault`` with the parameter, its value and what was expected.
    public func check(_ shape: PictureShape) throws(TransformFault) {
        guard shape.isInReach else {
            throw TransformFault("a picture of \(shape) is too large, expected at most 2^31 - 1 numbers")
        }
        switch self {
        case .quantise(let bits): try expect("bits", bits, in: 1...16)
        case .median(let side): try expect("side", side, in: 2...15)
        case .nonLocalMeans(let search, let window, let strength):
            try expect("search", search, in: 1...31)
            try expect("window", window, in: 1...11)
            guard search % 2 == 1, window % 2 == 1 else {
                throw TransformFault("found search \(search) and window \(window), expected odd numbers")
            }
            try expect("strength", strength, in: 0...255)
            // Squares of 255, summed over a patch, fit 31 bits.
            try expect("channels", shape.channels, in: 1...33_000 / (window * window))
        case .gaussianBlur(let sigma): try expect("sigma", sigma, in: 0.01...64)
        case .gaussianNoise(let sigma, _, _): try expect("sigma", sigma, in: 0...16)
        case .totalVariation(let weight, let iterations): try expect(weight, iterations)
        case .maskedTotalVariation(let weight, let iterations, let dropProbability, _):
            try expect(weight, iterations)
            try expect("drop probability", dropProbability, in: 0...0.999)
        case .wavelet(let sigma):
            if let sigma { try expect("sigma", sigma, in: 0...1) }
        case .pixelDeflection(let count, let window, _):
            try expect("count", count, in: 0...1 << 24)
            try expect("window", window, in: 0...1 << 20)
        case .jpeg(let quality):
            try expect("quality", quality, in: 1...100)
            guard shape.channels == 1 || shape.channels == 3 else {
                throw TransformFault("JPEG holds 1 or 3 channels, the picture is \(shape)")
            }
        case .shift(let right, let down):
            try expect("shift to the right", right, in: -(1 << 20)...1 << 20)
            try expect("shift down", down, in: -(1 << 20)...1 << 20)
        case .rotate(let degrees): try expect("degrees", degrees, in: -360...360)
        case .scale(let factor): try expect("factor", factor, in: 1.0 / 16...16)
        case .cropResize(let top, let left, let height, let width):
            try expect("height", height, in: 1...shape.height)
            try expect("width", width, in: 1...shape.width)
            try expect("top", top, in: 0...shape.height - height)
            try expect("left", left, in: 0...shape.width - width)
        case .resizePad(let reduction, let top, let left):
            guard (0..<min(shape.height, shape.width)).contains(reduction), (0...reduction).contains(top),
                (0...reduction).contains(left)
            else {
                throw TransformFault("a picture of \(shape) does not go \(reduction) smaller at (\(top), \(left))")
            }
        case .flipHorizontal: break
        case .sequence(let operations):
            for operation in operations { try operation.check(shape) }
        }
    }

    private func expect(_ weight: Double, _ iterations: Int) throws(TransformFault) {
        try expect("weight", weight, in: 1e-6...100)
        try expect("iterations", iterations, in: 1...10_000)
    }

    /// NaN lies in no range.
    private func expect<Number: Comparable>(
        _ name: String,
        _ number: Number,
        in range: ClosedRange<Number>
    ) throws(TransformFault) {
        guard range.contains(number) else {
            throw TransformFault("found \(name) \(number), expected \(range.lowerBound)...\(range.upperBound)")
        }
    }
}
