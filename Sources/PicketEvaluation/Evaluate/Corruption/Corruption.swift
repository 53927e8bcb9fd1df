package import PicketTransforms

/// What becomes of pictures on their way without anybody's ill will. A detector that flags them is right about the
/// picture and wrong about the sender.
package struct Corruption: Sendable {
    package enum Kind: Sendable {
        case operation(PictureOperation)
        /// Normal noise, sigma in units of the pixel range, another draw for every row.
        case noise(sigma: Double)
        /// Every pixel by so much, in units of the pixel range.
        case brightness(Double)
        /// Every pixel's distance from the picture's mean by this factor.
        case contrast(Double)
    }

    /// The family, as in ImageNet-C (Hendrycks and Dietterich, ICLR 2019).
    package let name: String
    /// How strong, in words.
    package let strength: String
    package let kind: Kind

    /// What every evaluation measures, mild and plain of each.
    package static let all: [Corruption] = [
        Corruption(name: "noise", strength: "σ 0.02", kind: .noise(sigma: 0.02)),
        Corruption(name: "noise", strength: "σ 0.05", kind: .noise(sigma: 0.05)),
        Corruption(name: "blur", strength: "σ 0.5 px", kind: .operation(.gaussianBlur(sigma: 0.5))),
        Corruption(name: "blur", strength: "σ 1 px", kind: .operation(.gaussianBlur(sigma: 1))),
        Corruption(name: "brightness", strength: "+ 0.1", kind: .brightness(0.1)),
        Corruption(name: "brightness", strength: "− 0.1", kind: .brightness(-0.1)),
        Corruption(name: "contrast", strength: "× 0.8", kind: .contrast(0.8)),
        Corruption(name: "contrast", strength: "× 1.25", kind: .contrast(1.25)),
        Corruption(name: "jpeg", strength: "quality 90", kind: .operation(.jpeg(quality: 90))),
        Corruption(name: "jpeg", strength: "quality 50", kind: .operation(.jpeg(quality: 50))),
        Corruption(name: "rotation", strength: "3°", kind: .operation(.rotate(degrees: 3))),
        Corruption(name: "rotation", strength: "− 8°", kind: .operation(.rotate(degrees: -8))),
    ]

    /// Whether it can be done to pictures of so many channels.
    package func suits(_ shape: PictureShape) -> Bool {
        if case .operation(.jpeg) = kind { return shape.channels == 1 || shape.channels == 3 }
        return true
    }

    /// The corrupted picture, in 0…1, and on the grid where there is one.
    ///
    /// - Parameters:
    ///   - row: planar pixels in 0…1.
    ///   - grid: steps of the pixels' grid; 0: none.
    ///   - seed: of what is drawn.
    package func apply(
        to row: [Float],
        shape: PictureShape,
        grid: Int,
        seed: UInt64
    ) throws(TransformFault) -> [Float] {
        var result = row
        switch kind {
        case .operation(let operation): result = try Corruption.apply(operation, to: row, shape: shape)
        case .noise(let sigma):
            let noise = PictureOperation.gaussianNoise(sigma: sigma, seed: seed, clamped: true)
            result = try Corruption.apply(noise, to: row, shape: shape)
        case .brightness(let step):
            for index in result.indices { result[index] = row[index] + Float(step) }
        case .contrast(let factor):
            let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(max(row.count, 1)))
            for index in result.indices { result[index] = (row[index] - mean) * Float(factor) + mean }
        }
        for index in result.indices {
            let pixel = min(max(result[index], 0), 1)
            result[index] = grid > 0 ? (pixel * Float(grid)).rounded() / Float(grid) : pixel
        }
        return result
    }

    private static func apply(
        _ operation: PictureOperation,
        to row: [Float],
        shape: PictureShape
    ) throws(TransformFault) -> [Float] {
        var result = row
        var target = result.mutableSpan
        try operation.apply(to: row.span, shape: shape, into: &target)
        return result
    }
}
