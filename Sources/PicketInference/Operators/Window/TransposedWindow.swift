import PicketTensor

/// The window of a transposed convolution over one to three spatial axes, seen as three: missing outer ones have extent 1.
struct TransposedWindow: Sendable {
    /// No extent, stride, dilation or padding above this makes sense; products of two stay far from overflow.
    private static let limit = 1 << 24

    private(set) var kernel: [Int] = []
    private(set) var strides: [Int] = []
    private(set) var dilations: [Int] = []
    /// Elements cut off before the first of the result.
    private(set) var begins: [Int] = []
    private(set) var input: [Int] = []
    private(set) var output: [Int] = []
    /// How many of the three axes there are.
    let rank: Int

    /// Elements of the kernel, of one plane of the input and of one of the result.
    var taps: Int { kernel.reduce(1, *) }
    var inputPlane: Int { input.reduce(1, *) }
    var outputPlane: Int { output.reduce(1, *) }

    /// - Parameters:
    ///   - input: spatial extents.
    ///   - kernel: those of the weights.
    init(_ attributes: NodeAttributes, input: [Int], kernel: [Int]) throws(OperatorFault) {
        rank = input.count
        guard (1...3).contains(rank) else {
            throw OperatorFault("\(rank) spatial axes are not supported, expected 1 to 3")
        }
        let ones = [Int](repeating: 1, count: rank)
        let strides = try Self.list(attributes, "strides", rank, 1) ?? ones
        let dilations = try Self.list(attributes, "dilations", rank, 1) ?? ones
        let pads = try Self.list(attributes, "pads", 2 * rank, 0) ?? [Int](repeating: 0, count: 2 * rank)
        let further = try Self.list(attributes, "output_padding", rank, 0) ?? [Int](repeating: 0, count: rank)
        let given = try Self.list(attributes, "output_shape", rank, 1)
        let mode = try attributes.string("auto_pad") ?? "NOTSET"
        guard ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"].contains(mode) else {
            throw OperatorFault("attribute auto_pad is \"\(mode)\", expected NOTSET, SAME_UPPER, SAME_LOWER or VALID")
        }
        if let declared = try attributes.ints("kernel_shape"), declared != kernel {
            throw OperatorFault("attribute kernel_shape is \(declared), but the weights have \(kernel)")
        }
        for _ in rank..<3 { append(kernel: 1, stride: 1, dilation: 1, begin: 0, input: 1, output: 1) }
        for axis in 0..<rank {
            guard (1...Self.limit).contains(kernel[axis]), (1...Self.limit).contains(input[axis]) else {
                throw OperatorFault(
                    "a kernel of \(kernel[axis]) over \(input[axis]) elements, expected 1 to \(Self.limit)"
                )
            }
            let reach = (kernel[axis] - 1) * dilations[axis] + 1
            let whole = (input[axis] - 1) * strides[axis] + further[axis] + reach
            var (begin, output) = (pads[axis], whole - pads[axis] - pads[axis + rank])
            let isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER"
            if let wanted = given?[axis] ?? (isSame ? input[axis] * strides[axis] : nil) {
                let cut = max(0, whole - wanted)
                begin = mode == "SAME_UPPER" ? cut / 2 : cut - cut / 2
                output = wanted
            } else if mode == "VALID" {
                (begin, output) = (0, whole)
            }
            guard output >= 1 else { throw OperatorFault("pads \(pads) leave \(output) elements on axis \(axis)") }
            append(
                kernel: kernel[axis],
                stride: strides[axis],
                dilation: dilations[axis],
                begin: begin,
                input: input[axis],
                output: output
            )
        }
    }

    private mutating func append(kernel: Int, stride: Int, dilation: Int, begin: Int, input: Int, output: Int) {
        self.kernel.append(kernel)
        strides.append(stride)
        dilations.append(dilation)
        begins.append(begin)
        self.input.append(input)
        self.output.append(output)
    }

    private static func list(
        _ attributes: NodeAttributes,
        _ name: String,
        _ count: Int,
        _ least: Int
    ) throws(OperatorFault) -> [Int]? {
        guard let values = try attributes.ints(name) else { return nil }
        guard values.count == count else {
            throw OperatorFault("attribute \(name) has \(values.count) values, expected \(count)")
        }
        for value in values where value < least || value > limit {
            throw OperatorFault("attribute \(name) holds \(value), expected \(least) to \(limit)")
        }
        return values
    }

    /// Where an element of the input lands in the result through a tap of the kernel, along an axis; nil where cut off.
    @inline(__always)
    func target(_ axis: Int, _ position: Int, _ tap: Int) -> Int? {
        let place = position * strides[axis] + tap * dilations[axis] - begins[axis]
        return place >= 0 && place < output[axis] ? place : nil
    }

    /// Adds what the taps make of one element after another into a plane of the result.
    ///
    /// - Parameters:
    ///   - positions: of the input's plane.
    ///   - value: of a position (counted from the first) through a tap.
    @inline(__always)
    func scatter<Number>(
        _ positions: Range<Int>,
        into plane: UnsafeMutablePointer<Number>,
        _ value: (_ position: Int, _ tap: Int) -> Number,
        _ add: (Number, Number) -> Number
    ) {
        let (width, height) = (input[2], input[1])
        for position in positions {
            let (x, y, z) = (position % width, position / width % height, position / (width * height))
            for k in 0..<kernel[0] {
                guard let depth = target(0, z, k) else { continue }
                for i in 0..<kernel[1] {
                    guard let row = target(1, y, i) else { continue }
                    let line = plane + (depth * output[1] + row) * output[2]
                    for j in 0..<kernel[2] {
                        guard let column = target(2, x, j) else { continue }
                        let tap = (k * kernel[1] + i) * kernel[2] + j
                        line[column] = add(line[column], value(position - positions.lowerBound, tap))
                    }
                }
            }
        }
    }
}
