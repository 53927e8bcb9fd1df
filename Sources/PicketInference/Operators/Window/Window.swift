import PicketTensor

/// How a window moves over the spatial axes: what convolution and pooling have in common.
package struct Window: Sendable, Hashable {
    /// Padding that follows from the input's size (`auto_pad`).
    enum AutomaticPadding: String, Sendable {
        case explicit = "NOTSET"
        case sameUpper = "SAME_UPPER"
        case sameLower = "SAME_LOWER"
        case valid = "VALID"
    }

    /// A window over axes of known size.
    struct Geometry: Sendable, Hashable {
        var kernel: [Int]
        var strides: [Int]
        var dilations: [Int]
        var begins: [Int]
        var ends: [Int]
        var input: [Int]
        var output: [Int]
    }

    /// No extent, stride, dilation or padding above this makes sense; products of two stay far from overflow.
    private static let limit = 1 << 24

    /// Spatial axes that kernels exist for.
    static let supportedRanks = 1...2

    private let kernel: [Int]?
    private let strides: [Int]?
    private let dilations: [Int]?
    private let pads: [Int]?
    private let automatic: AutomaticPadding
    private let roundsUp: Bool

    init(_ attributes: NodeAttributes) throws(OperatorFault) {
        kernel = try Self.list(attributes, "kernel_shape", 1)
        strides = try Self.list(attributes, "strides", 1)
        dilations = try Self.list(attributes, "dilations", 1)
        pads = try Self.list(attributes, "pads", 0)
        let mode = try attributes.string("auto_pad") ?? AutomaticPadding.explicit.rawValue
        guard let automatic = AutomaticPadding(rawValue: mode) else {
            throw OperatorFault("attribute auto_pad is \"\(mode)\", expected NOTSET, SAME_UPPER, SAME_LOWER or VALID")
        }
        self.automatic = automatic
        roundsUp = try attributes.flag("ceil_mode", default: false)
    }

    private static func list(
        _ attributes: NodeAttributes,
        _ name: String,
        _ least: Int
    ) throws(OperatorFault) -> [Int]? {
        guard let values = try attributes.ints(name) else { return nil }
        for value in values where value < least || value > limit {
            throw OperatorFault("attribute \(name) holds \(value), expected \(least) to \(limit)")
        }
        return values
    }

    /// The window over a spatial input.
    ///
    /// - Parameters:
    ///   - channels: that are read together, with their padding.
    ///   - kernel: the extents that the weights have; nil for pooling, where the attribute must be there.
    ///   - ranks: how many spatial axes there may be.
    func geometry(
        over input: [Int],
        channels: Int = 1,
        kernel given: [Int]? = nil,
        ranks: ClosedRange<Int> = Window.supportedRanks
    ) throws(OperatorFault) -> Geometry {
        let rank = input.count
        guard ranks.contains(rank) else {
            throw OperatorFault(
                "\(rank) spatial axes are not supported, expected \(ranks.lowerBound) to \(ranks.upperBound)"
            )
        }
        guard let kernel = given ?? kernel else { throw OperatorFault("attribute kernel_shape is missing") }
        if let declared = self.kernel, declared != kernel {
            throw OperatorFault("attribute kernel_shape is \(declared), but the weights have \(kernel)")
        }
        let ones = [Int](repeating: 1, count: rank)
        var geometry = Geometry(
            kernel: kernel,
            strides: strides ?? ones,
            dilations: dilations ?? ones,
            begins: [],
            ends: [],
            input: input,
            output: []
        )
        let pads = automatic == .explicit ? self.pads ?? [Int](repeating: 0, count: 2 * rank) : nil
        for (name, list, count) in [
            ("kernel_shape", kernel, rank), ("strides", geometry.strides, rank),
            ("dilations", geometry.dilations, rank),
            ("pads", pads ?? [Int](repeating: 0, count: 2 * rank), 2 * rank),
        ] where list.count != count {
            throw OperatorFault("\(name) has \(list.count) values, expected \(count) for \(rank) spatial axes")
        }
        for axis in 0..<rank {
            let padding = pads.map { ($0[axis], $0[axis + rank]) }
            try Self.append(axis, to: &geometry, padding, automatic, roundsUp)
        }
        // Memory and time are worked out from what the windows reach over, so that it is bounded as a tensor is.
        let padded = (0..<rank).map { input[$0] + geometry.begins[$0] + geometry.ends[$0] }
        guard (try? Shape(validating: [channels] + padded)) != nil else {
            throw OperatorFault(
                "\(channels) channels of \(padded) padded elements, expected at most \(Shape.maximumElementCount) in all"
            )
        }
        return geometry
    }

    private static func append(
        _ axis: Int,
        to geometry: inout Geometry,
        _ padding: (begin: Int, end: Int)?,
        _ automatic: AutomaticPadding,
        _ roundsUp: Bool
    ) throws(OperatorFault) {
        let (kernel, stride, dilation) = (geometry.kernel[axis], geometry.strides[axis], geometry.dilations[axis])
        let input = geometry.input[axis]
        guard kernel >= 1, kernel <= limit, input >= 1, input <= limit else {
            throw OperatorFault("a kernel of \(kernel) over \(input) elements, expected 1 to \(limit)")
        }
        let reach = (kernel - 1) * dilation + 1
        var (begin, end) = padding ?? (0, 0)
        if automatic == .sameUpper || automatic == .sameLower {
            let wanted = max((input + stride - 1) / stride, 1)
            let total = max((wanted - 1) * stride + reach - input, 0)
            begin = automatic == .sameUpper ? total / 2 : total - total / 2
            end = total - begin
        }
        let free = input + begin + end - reach
        guard free >= 0 else {
            throw OperatorFault("a kernel reaching over \(reach) does not fit \(input + begin + end) padded elements")
        }
        var output = (roundsUp && automatic == .explicit ? free + stride - 1 : free) / stride + 1
        // The last window must begin inside the input or the padding before it.
        if roundsUp, (output - 1) * stride >= input + begin, output > 1 { output -= 1 }
        geometry.begins.append(begin)
        geometry.ends.append(end)
        geometry.output.append(output)
    }
}

extension Window.Geometry {
    /// The window's taps inside the input along an axis, and how many lie inside the padded input.
    ///
    /// Neither depends on how far a hostile window reaches beyond its input.
    func taps(_ axis: Int, at position: Int) -> (inside: Range<Int>, padded: Int) {
        let first = position * strides[axis] - begins[axis]
        let dilation = dilations[axis]
        let begin = first < 0 ? (dilation - 1 - first) / dilation : 0
        let reaching = { (end: Int) in min(max((end - first + dilation - 1) / dilation, 0), kernel[axis]) }
        let end = reaching(input[axis])
        return (min(begin, end)..<end, reaching(input[axis] + ends[axis]))
    }

    /// Two spatial axes whatever there are: a single one becomes the width.
    var planar: Window.Geometry {
        guard kernel.count == 1 else { return self }
        return Window.Geometry(
            kernel: [1] + kernel,
            strides: [1] + strides,
            dilations: [1] + dilations,
            begins: [0] + begins,
            ends: [0] + ends,
            input: [1] + input,
            output: [1] + output
        )
    }
}
