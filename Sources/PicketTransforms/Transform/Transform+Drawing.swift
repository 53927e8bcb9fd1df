extension Transform {
    /// What to do to a picture, with all random numbers drawn.
    ///
    /// Draws come from `bits` in this order; u is a number in 0..<1, the upper 53 bits of a draw divided by 2^53, and a whole
    /// number below n is floor(u · n):
    ///  - `random-rotate`: the angle, (2u − 1) · limit;
    ///  - `resize-pad`: the reduction, 1 + a whole number below `pixels`; then top and left, whole numbers below
    ///    reduction + 1;
    ///  - `crop`: top and left, whole numbers below what the part leaves of the height and of the width, + 1;
    ///  - `noise`, `unclamped-noise`, `deflection`, and `tv` of a share of the pixels: one draw as it is, the seed of
    ///    ``PictureOperation``'s own random numbers;
    ///  - `combine`: its steps one after the other;
    ///  - `one-of`: a whole number below their count, the transform's place; then that transform's own draws.
    ///
    /// - Parameter bits: 64 uniform bits a call; nil where there are no random numbers.
    /// - Throws: ``TransformFault`` where it is drawn and there are none.
    public func operation(
        for shape: PictureShape,
        bits: (() -> UInt64)?
    ) throws(TransformFault) -> PictureOperation {
        switch self {
        case .bitDepth(let bits): return .quantise(bits: bits)
        case .median(let side): return .median(side: side)
        case .nonLocalMeans(let search, let window, let strength):
            return .nonLocalMeans(search: search, window: window, strength: strength)
        case .jpeg(let quality): return .jpeg(quality: quality)
        case .blur(let deviation): return .gaussianBlur(sigma: deviation)
        case .totalVariation(let weight, 1): return .totalVariation(weight: weight, iterations: Transform.iterations)
        case .totalVariation(let weight, let keep):
            return .maskedTotalVariation(
                weight: weight,
                iterations: Transform.iterations,
                dropProbability: 1 - keep,
                seed: try draw(bits)
            )
        case .wavelet(let deviation): return .wavelet(sigma: deviation)
        case .noise(let deviation): return .gaussianNoise(sigma: deviation, seed: try draw(bits), clamped: true)
        case .unclampedNoise(let deviation):
            return .gaussianNoise(sigma: deviation, seed: try draw(bits), clamped: false)
        case .deflection(let pixels, let window):
            return .pixelDeflection(count: pixels, window: window, seed: try draw(bits))
        case .shift(let right, let down): return .shift(right: right, down: down)
        case .rotate(let degrees): return .rotate(degrees: degrees)
        case .randomRotate(let limit): return .rotate(degrees: (2 * (try uniform(bits)) - 1) * limit)
        case .scale(let factor): return .scale(factor: factor)
        case .resizePad(let pixels):
            let reduction = 1 + (try whole(below: pixels, bits))
            let top = try whole(below: reduction + 1, bits)
            let left = try whole(below: reduction + 1, bits)
            return .resizePad(reduction: reduction, top: top, left: left)
        case .crop(let share):
            let height = Transform.part(share, of: shape.height)
            let width = Transform.part(share, of: shape.width)
            let top = try whole(below: shape.height - height + 1, bits)
            let left = try whole(below: shape.width - width + 1, bits)
            return .cropResize(top: top, left: left, height: height, width: width)
        case .flipHorizontal: return .flipHorizontal
        case .combination(let steps):
            var operations: [PictureOperation] = []
            for step in steps { operations.append(try step.operation(for: shape, bits: bits)) }
            return .sequence(operations)
        case .choice(let transforms):
            return try transforms[try whole(below: transforms.count, bits)].operation(for: shape, bits: bits)
        }
    }

    /// Of total-variation minimisation: always as many, so that a picture's cost and bits are known.
    static let iterations = 50

    private func whole(below bound: Int, _ bits: (() -> UInt64)?) throws(TransformFault) -> Int {
        Int(try uniform(bits) * Double(bound))
    }

    private func uniform(_ bits: (() -> UInt64)?) throws(TransformFault) -> Double {
        Double(try draw(bits) >> 11) * 0x1p-53
    }

    private func draw(_ bits: (() -> UInt64)?) throws(TransformFault) -> UInt64 {
        guard let bits else { throw TransformFault("\(key) is drawn, and no random numbers came with it") }
        return bits()
    }
}
