extension Transform {
    /// Whether rows of this shape can be transformed so.
    public func check(_ shape: PictureShape) throws(TransformFault) {
        let side = min(shape.height, shape.width)
        switch self {
        case .jpeg where shape.channels != 1 && shape.channels != 3:
            throw TransformFault("\(key) needs pictures of 1 or 3 channels, rows are \(shape)")
        case .jpeg where max(shape.height, shape.width) > 65_500:
            throw TransformFault("\(key) needs pictures of at most 65500 pixels a side, rows are \(shape)")
        case .resizePad(let pixels) where pixels >= side:
            throw TransformFault("\(key) needs pictures of more than \(pixels) pixels a side, rows are \(shape)")
        case .crop(let share) where Transform.part(share, of: side) == side:
            throw TransformFault("\(key) leaves pictures of \(side) pixels a side as they are, rows are \(shape)")
        case .combination(let transforms), .choice(let transforms):
            for transform in transforms { try transform.check(shape) }
        default:
            // Whatever is drawn, its parameters stay in the range that is true of the least draw.
            do {
                try operation(for: shape, bits: { 0 }).check(shape)
            } catch {
                throw TransformFault("\(key): \(error)")
            }
        }
    }

    /// A share of a side in whole pixels, 1 at least.
    static func part(_ share: Double, of side: Int) -> Int {
        min(max(Int((share * Double(side)).rounded(.toNearestOrEven)), 1), side)
    }
}
