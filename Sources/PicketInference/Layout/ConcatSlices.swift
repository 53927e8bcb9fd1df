import PicketTensor

/// Which values can be made where a concatenation along the channels wants them, so that it copies nothing.
///
/// A concatenation of pictures that lie channels-last is a picture with wider pixels: an operand that is written with the
/// result's distance from pixel to pixel is in its place already. A concatenation whose operands lie one behind the other
/// in a later, wider one (as the layers of a dense block do) is a slice of that one itself.
enum ConcatSlices {
    /// Channels of a wider picture, from `channel` on.
    struct Slice: Hashable {
        /// The result that has the memory.
        let root: ValueID
        /// Channels of the root.
        let channels: Int
        let channel: Int
    }

    static func find(_ specialisation: Specialisation) -> [ValueID: Slice] {
        let graph = specialisation.graph
        let seen = Set(graph.inputs + graph.outputs + graph.layers)
        var slices: [ValueID: Slice] = [:]
        for node in graph.nodes.reversed() {
            guard let concat = node.operation as? Concat, let result = node.outputs.first ?? nil,
                let fact = specialisation[result]?.fact, fact.elementType == .float32, fact.shape.rank >= 3,
                fact.shape.pixels > 1, concat.joinsChannels(rank: fact.shape.rank)
            else { continue }
            if slices[result] == nil, let slice = common(node, specialisation, slices) {
                slices[result] = slice
                continue
            }
            let place = slices[result] ?? Slice(root: result, channels: fact.shape[1], channel: 0)
            var channel = place.channel
            for case let operand? in node.inputs {
                guard let shape = specialisation[operand]?.shape else { continue }
                // A single channel lies plain, whatever stands beside it.
                if slices[operand] == nil, !seen.contains(operand), specialisation[operand]?.constant == nil,
                    shape[1] > 1
                {
                    slices[operand] = Slice(root: place.root, channels: place.channels, channel: channel)
                }
                channel += shape[1]
            }
        }
        return slices
    }

    /// The slice that all operands make together where each lies behind the one before it.
    private static func common(
        _ node: Node,
        _ specialisation: Specialisation,
        _ slices: [ValueID: Slice]
    ) -> Slice? {
        guard let first = (node.inputs.first ?? nil).flatMap({ slices[$0] }) else { return nil }
        var channel = first.channel
        for input in node.inputs {
            guard let input, let slice = slices[input], slice.root == first.root, slice.channel == channel,
                let shape = specialisation[input]?.shape
            else { return nil }
            channel += shape[1]
        }
        return first
    }
}
