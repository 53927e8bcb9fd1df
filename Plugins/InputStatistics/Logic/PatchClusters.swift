import PicketTransforms

/// Centres of groups of patches: where the mixture's fit begins.
struct PatchClusters {
    let dimension: Int
    private(set) var centres: [Float]

    /// k-means++: each centre is a patch, drawn with a chance that grows with its squared distance from the centres before it.
    init(patches: [Float], dimension: Int, size: Int) {
        let count = patches.count / dimension
        var random = SplitMix(seed: 0x5049_434b_4554)
        self.dimension = dimension
        let first = Int(random.uniform() * Double(count))
        centres = Array(patches[first * dimension..<(first + 1) * dimension])
        var distances = (0..<count).map { squaredDistance(of: $0, in: patches, from: 0) }
        for centre in 1..<max(size, 1) {
            let total = distances.reduce(0.0) { $0 + Double($1) }
            var left = random.uniform() * total
            var chosen = centre % count
            for patch in 0..<count where distances[patch] > 0 {
                left -= Double(distances[patch])
                chosen = patch
                if left <= 0 { break }
            }
            centres += patches[chosen * dimension..<(chosen + 1) * dimension]
            for patch in 0..<count {
                distances[patch] = min(distances[patch], squaredDistance(of: patch, in: patches, from: centre))
            }
        }
    }

    /// The centre nearest to a patch; the first of several.
    func nearest(to patch: Int, of patches: [Float]) -> Int {
        var best = 0
        var least = Float.infinity
        for centre in 0..<centres.count / dimension {
            let distance = squaredDistance(of: patch, in: patches, from: centre)
            if distance < least { (best, least) = (centre, distance) }
        }
        return best
    }

    /// Moves every centre to the mean of the patches that are nearest to it (Lloyd); one without patches stays.
    mutating func move(_ patches: [Float]) {
        let size = centres.count / dimension
        var sums = [Double](repeating: 0, count: centres.count)
        var counts = [Int](repeating: 0, count: size)
        for patch in 0..<patches.count / dimension {
            let centre = nearest(to: patch, of: patches)
            counts[centre] += 1
            for index in 0..<dimension {
                sums[centre * dimension + index] += Double(patches[patch * dimension + index])
            }
        }
        for centre in 0..<size where counts[centre] > 0 {
            for index in 0..<dimension {
                let place = centre * dimension + index
                centres[place] = Float(sums[place] / Double(counts[centre]))
            }
        }
    }

    private func squaredDistance(of patch: Int, in patches: [Float], from centre: Int) -> Float {
        var sum: Float = 0
        for index in 0..<dimension {
            let difference = patches[patch * dimension + index] - centres[centre * dimension + index]
            sum += difference * difference
        }
        return sum
    }
}
