import PicketTransforms

/// What a configuration that says nothing gets.
enum Defaults {
    /// Of every transform the margin, which sees most; of the others what they say together.
    static let components = ["margin", "mean:runner-up", "max:runner-up", "mean:js", "max:js", "mean:label"]

    /// What most classes bear: smoothing, fewer grey levels, compression, a step aside, a random change of size and place, a
    /// small turn. Those that do not suit the shape are left out.
    static func transforms(for shape: PictureShape) -> [Transform] {
        let candidates: [Transform] = [
            .nonLocalMeans(search: 11, window: 3, strength: 4), .bitDepth(4), .jpeg(90), .median(2),
            .shift(right: 1, down: 0), .resizePad(max(2, min(shape.height, shape.width) / 16)), .rotate(5),
        ]
        return candidates.filter { (try? $0.check(shape)) != nil }
    }
}
