extension Transform {
    /// What to do to a picture, with all random numbers drawn.
    ///
    /// Draws come from `bits` in this order; u is a number in 0..<1, the upper 53 bits of a draw divided by 2^53, and a whole
    /// number below n is floor(u · n):
    ///  - `random-rotate`: the angle, (2u − 1) · limit;
    ///  - `resize-pad`: the reduction, 1 + a whole number below `pixels`; then top and left, whole numbers below
    ///    reduction + 1;
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
        case .jpeg(let quality): return .jpeg(quality: quality)
        case .shift(let right, let down): return .shift(right: right, down: down)
        case .rotate(let degrees): return .rotate(degrees: degrees)
        case .randomRotate(let limit): return .rotate(degrees: (2 * (try uniform(bits)) - 1) * limit)
        case .resizePad(let pixels):
            let reduction = 1 + (try whole(below: pixels, bits))
            let top = try whole(below: reduction + 1, bits)
            let left = try whole(below: reduction + 1, bits)
            return .resizePad(reduction: reduction, top: top, left: left)
        case .choice(let transforms):
            return try transforms[try whole(below: transforms.count, bits)].operation(for: shape, bits: bits)
        default: throw TransformFault("\(key) cannot be rendered by this build")
        }
    }

    private func whole(below bound: Int, _ bits: (() -> UInt64)?) throws(TransformFault) -> Int {
        Int(try uniform(bits) * Double(bound))
    }

    private func uniform(_ bits: (() -> UInt64)?) throws(TransformFault) -> Double {
        guard let bits else { throw TransformFault("\(key) is drawn, and no random numbers came with it") }
        return Double(bits() >> 11) * 0x1p-53
    }
}
