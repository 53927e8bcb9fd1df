import PicketTransforms

/// What a configuration that says nothing gets: the published squeezers and the published rule.
enum Defaults {
    /// The distances as published, and the largest of them, which is the published detector.
    static let components = ["l1", "max:l1"]

    /// Grey pictures: the paper's set for MNIST, 1 bit and a 2 × 2 median. Colour: its sets for CIFAR-10 (5 bits, median 2 × 2,
    /// non-local means 13-3-2) and, from 64 pixels a side, for ImageNet (5 bits, median 2 × 2, non-local means 11-3-4).
    static func squeezers(for shape: PictureShape) -> [Transform] {
        if shape.channels == 1 { return [.bitDepth(1), .median(2)] }
        let isLarge = min(shape.height, shape.width) >= 64
        let smoothing: Transform =
            isLarge
            ? .nonLocalMeans(search: 11, window: 3, strength: 4) : .nonLocalMeans(search: 13, window: 3, strength: 2)
        return [.bitDepth(5), .median(2), smoothing]
    }
}
