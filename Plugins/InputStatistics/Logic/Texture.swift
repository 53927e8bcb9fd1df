import PicketTransforms

/// Where a picture is not flat.
///
/// The picture's grey values are blurred with a 3 × 3 box, so that noise of single pixels hardly counts; a pixel is textured
/// where the blurred values of its 3 × 3 neighbourhood span at least so many grey levels. Beyond the edge goes on the edge.
/// All sums are of whole numbers and exact.
struct Texture {
    /// One a pixel.
    let isTextured: [Bool]

    init(channelSums: [Float], shape: PictureShape, threshold: Int) {
        let blurred = Texture.windows(channelSums, shape) { $0 + $1 + $2 }
        let high = Texture.windows(blurred, shape) { max($0, max($1, $2)) }
        let low = Texture.windows(blurred, shape) { min($0, min($1, $2)) }
        let span = Float(9 * shape.channels * threshold)
        isTextured = zip(high, low).map { $0 - $1 >= span }
    }

    /// Joins the three neighbours in each row, then in each column.
    @inline(__always)
    private static func windows(
        _ plane: [Float],
        _ shape: PictureShape,
        _ join: (Float, Float, Float) -> Float
    ) -> [Float] {
        let (height, width) = (shape.height, shape.width)
        var across = [Float](repeating: 0, count: plane.count)
        for row in 0..<height {
            let start = row * width
            for column in 0..<width {
                across[start + column] = join(
                    plane[start + max(column - 1, 0)],
                    plane[start + column],
                    plane[start + min(column + 1, width - 1)]
                )
            }
        }
        var joined = [Float](repeating: 0, count: plane.count)
        for row in 0..<height {
            let above = max(row - 1, 0) * width
            let below = min(row + 1, height - 1) * width
            for column in 0..<width {
                joined[row * width + column] = join(
                    across[above + column],
                    across[row * width + column],
                    across[below + column]
                )
            }
        }
        return joined
    }
}
