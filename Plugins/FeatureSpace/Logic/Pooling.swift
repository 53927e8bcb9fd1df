import PicketPluginSDK

/// How a layer becomes a vector: a map's mean, standard deviation and share of active elements per channel; a vector as it
/// is. Where that is more than a bound, each of these parts is projected at random.
struct Pooling: Sendable {
    /// Channels, and elements of each. [C, H, W] and [C, L] keep their first axis; a vector has one element a channel.
    private let channels: Int
    private let elements: Int
    private let projection: Projection?
    /// Numbers that come out.
    let dimension: Int
    /// What it is, within a variant's key; nil where the layer is taken as it is.
    let key: String?

    init(_ extents: Extents, bound: Int) throws {
        channels = extents.first ?? 1
        elements = extents.elementCount / channels
        guard channels <= Pooling.channelLimit else {
            throw DetectorFault.unsupported(
                "a layer of \(extents) has \(channels) channels, expected \(Pooling.channelLimit) at most"
            )
        }
        let parts = elements > 1 ? 3 : 1
        let isProjected = parts * channels > bound
        projection = isProjected ? Projection(from: channels, to: bound / parts) : nil
        dimension = isProjected ? bound / parts * parts : parts * channels
        key =
            switch (elements > 1, isProjected) {
            case (true, true): "statistics-projected:\(dimension)"
            case (true, false): "statistics"
            case (false, true): "projected:\(dimension)"
            case (false, false): nil
            }
    }

    /// More channels than any layer of a classifier has; keeps a projection's memory in bounds.
    static let channelLimit = 1 << 15

    /// Writes the vector: means, then deviations, then shares, or the projection of each.
    ///
    /// - Throws: where a number of the layer is not finite.
    func pool(_ layer: Span<Float>, into destination: inout MutableSpan<Float>) throws {
        guard layer.count == channels * elements, destination.count == dimension else {
            throw DetectorFault.failed(
                "a layer of \(layer.count) numbers for a vector of \(destination.count), expected "
                    + "\(channels * elements) and \(dimension)"
            )
        }
        var parts = [[Float]](repeating: [], count: elements > 1 ? 3 : 1)
        for index in parts.indices { parts[index].reserveCapacity(channels) }
        for channel in 0..<channels {
            if elements == 1 {
                parts[0].append(layer[channel])
            } else {
                let statistics = ChannelStatistics(layer.extracting(channel * elements..<(channel + 1) * elements))
                parts[0].append(statistics.mean)
                parts[1].append(statistics.deviation)
                parts[2].append(statistics.active)
            }
        }
        var place = 0
        for part in parts {
            for number in projection?.project(part) ?? part {
                guard number.isFinite else { throw DetectorFault.failed("a layer's features are not finite") }
                destination[place] = number
                place += 1
            }
        }
    }
}

/// Mean, standard deviation (of the population) and share of elements above zero of one channel.
struct ChannelStatistics {
    let mean: Float
    let deviation: Float
    let active: Float

    /// - Precondition: there is an element.
    init(_ channel: Span<Float>) {
        var sums = SIMD4<Double>.zero
        var squares = SIMD4<Double>.zero
        var actives = SIMD4<Double>.zero
        let whole = channel.count / 4 * 4
        for start in stride(from: 0, to: whole, by: 4) {
            let four = SIMD4<Double>(
                SIMD4<Float>(channel[start], channel[start + 1], channel[start + 2], channel[start + 3])
            )
            sums += four
            squares += four * four
            actives += SIMD4<Double>.zero.replacing(with: 1, where: four .> 0)
        }
        for index in whole..<channel.count {
            let one = Double(channel[index])
            sums[0] += one
            squares[0] += one * one
            actives[0] += one > 0 ? 1 : 0
        }
        let count = Double(channel.count)
        let average = sums.sum() / count
        mean = Float(average)
        deviation = Float(max(squares.sum() / count - average * average, 0).squareRoot())
        active = Float(actives.sum() / count)
    }
}
