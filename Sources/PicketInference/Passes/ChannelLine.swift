internal import PicketTensor

/// What a node does to each channel of its operand where that is a line, x · scale + shift: BatchNormalization at
/// inference, and the products and sums with constants that older exporters write behind it.
struct ChannelLine {
    /// A number for each channel.
    let scale: [Float]
    let shift: [Float]

    /// The line that changes nothing.
    static func identity(_ channels: Int) -> ChannelLine {
        ChannelLine(scale: [Float](repeating: 1, count: channels), shift: [Float](repeating: 0, count: channels))
    }

    /// This line and then another.
    func followed(by other: ChannelLine) -> ChannelLine {
        let channels = scale.indices
        return ChannelLine(
            scale: channels.map { scale[$0] * other.scale[$0] },
            shift: channels.map { shift[$0] * other.scale[$0] + other.shift[$0] }
        )
    }

    /// The line of a node that reads `value`, of [N, `channels`, …]; nil where it draws none.
    static func of(
        _ node: Node,
        reading value: ValueID,
        channels: Int,
        _ analysed: AnalysedGraph
    ) -> ChannelLine? {
        if let normalization = node.operation as? BatchNormalization, normalization.activation == .none {
            return line(of: normalization, node, reading: value, channels: channels, analysed)
        }
        guard node.inputs.count == 2, let output = node.outputs.first ?? nil,
            analysed.facts(output) == analysed.facts(value), let rank = analysed.facts(value).first?.shape.rank
        else { return nil }
        let position = node.inputs[0] == value ? 1 : 0
        guard node.inputs[1 - position] == value, let constant = analysed.constant(node, position),
            let numbers = numbers(constant, channels: channels, rank: rank)
        else { return nil }
        let (zeros, ones) = ([Float](repeating: 0, count: channels), [Float](repeating: 1, count: channels))
        switch node.operation {
        case is Mul: return ChannelLine(scale: numbers, shift: zeros)
        case is Add: return ChannelLine(scale: ones, shift: numbers)
        case is Sub where position == 1: return ChannelLine(scale: ones, shift: numbers.map { -$0 })
        default: return nil
        }
    }

    private static func line(
        of normalization: BatchNormalization,
        _ node: Node,
        reading value: ValueID,
        channels: Int,
        _ analysed: AnalysedGraph
    ) -> ChannelLine? {
        guard node.inputs.first == value else { return nil }
        var parameters: [[Float]] = []
        for position in 1...4 {
            guard let constant = analysed.constant(node, position), constant.elementType == .float32,
                constant.shape.dimensions == [channels]
            else { return nil }
            parameters.append(constant.tensor().elements(of: Float.self))
        }
        let (scale, shift) = normalization.line(parameters)
        return ChannelLine(scale: scale, shift: shift)
    }

    /// A constant that broadcasts along the channels alone, one number a channel.
    private static func numbers(_ constant: ConstantTensor, channels: Int, rank: Int) -> [Float]? {
        guard constant.elementType == .float32, constant.shape.rank <= rank else { return nil }
        if constant.shape.elementCount == 1 {
            return [Float](repeating: constant.tensor().elements(of: Float.self)[0], count: channels)
        }
        // Aligned at the innermost axis, as broadcasting is.
        let missing = rank - constant.shape.rank
        for (axis, extent) in constant.shape.dimensions.enumerated() {
            guard extent == (axis + missing == 1 ? channels : 1) else { return nil }
        }
        guard constant.shape.elementCount == channels else { return nil }
        return constant.tensor().elements(of: Float.self)
    }
}
