extension Transform {
    /// What to do to a picture, with all random numbers drawn.
    ///
    /// Each draw is one number u of `uniform`, in 0..<1, in this order; a whole number below n is floor(u · n):
    ///  - `random-rotate`: the angle, (2u − 1) · limit;
    ///  - `resize-pad`: the reduction, 1 + a whole number below `pixels`; then top and left, whole numbers below
    ///    reduction + 1.
    ///
    /// - Parameter uniform: nil where there are no random numbers.
    /// - Throws: ``TransformFault`` where it is drawn and there are none.
    public func operation(uniform: (() -> Double)?) throws(TransformFault) -> PictureOperation {
        switch self {
        case .bitDepth(let bits): return .quantise(bits: bits)
        case .median(let side): return .median(side: side)
        case .jpeg(let quality): return .jpeg(quality: quality)
        case .shift(let right, let down): return .shift(right: right, down: down)
        case .rotate(let degrees): return .rotate(degrees: degrees)
        case .randomRotate(let limit):
            guard let uniform else { throw undrawn }
            return .rotate(degrees: (2 * uniform() - 1) * limit)
        case .resizePad(let pixels):
            guard let uniform else { throw undrawn }
            let reduction = 1 + Int(uniform() * Double(pixels))
            let top = Int(uniform() * Double(reduction + 1))
            let left = Int(uniform() * Double(reduction + 1))
            return .resizePad(reduction: reduction, top: top, left: left)
        }
    }

    private var undrawn: TransformFault { TransformFault("\(key) is drawn, and no random numbers came with it") }
}
