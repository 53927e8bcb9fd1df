import PicketTensor

/// One axis of a picture that is read between its elements.
struct GridAxis: Sendable {
    /// What lies outside of the picture.
    enum Padding: String, Sendable {
        case zeros
        case border
        case reflection
    }

    /// Places and weights of up to four elements.
    struct Taps {
        var count = 0
        var places = InlineArray<4, Int>(repeating: 0)
        var weights = InlineArray<4, Double>(repeating: 0)

        mutating func append(_ place: Int?, _ weight: Double) {
            guard let place else { return }
            places[count] = place
            weights[count] = weight
            count += 1
        }
    }

    let extent: Int
    let alignsCorners: Bool
    let padding: Padding

    /// The borders between which elements are mirrored.
    private var borders: (low: Double, high: Double) {
        alignsCorners ? (0, Double(extent - 1)) : (-0.5, Double(extent) - 0.5)
    }

    /// - Parameter given: -1 at one end of the axis, 1 at the other, in single precision as onnxruntime has it.
    func taps(_ given: Float, _ mode: GridSample.Mode) -> Taps {
        let length = Float(extent)
        var x = Double(alignsCorners ? (given + 1) / 2 * (length - 1) : ((given + 1) * length - 1) / 2)
        // No number is nowhere; one far outside is brought near, so that it can be an index.
        guard !x.isNaN else { return Taps() }
        x = min(max(x, -0x1p30), 0x1p30)
        if mode == .nearest { x = x.rounded(.toNearestOrEven) }
        if x < borders.low || x > borders.high {
            switch padding {
            case .zeros: break
            // Between elements that are repeated there is something for a wide kernel to see.
            case .border: if mode != .cubic { x = min(max(x, 0), Double(extent - 1)) }
            case .reflection: x = reflected(x)
            }
        }
        var taps = Taps()
        let floor = x.rounded(.down)
        let (first, rest) = (Int(floor), x - floor)
        switch mode {
        case .nearest: taps.append(place(Int(x.rounded(.toNearestOrEven))), 1)
        case .linear:
            taps.append(place(first), 1 - rest)
            taps.append(place(first + 1), rest)
        case .cubic:
            for offset in -1...2 { taps.append(place(first + offset), Self.cubic(abs(rest - Double(offset)))) }
        }
        return taps
    }

    /// Keys's kernel with a coefficient of -0.75.
    private static func cubic(_ x: Double) -> Double {
        let a = -0.75
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }

    private func place(_ index: Int) -> Int? {
        if index >= 0, index < extent { return index }
        return switch padding {
        case .zeros: nil
        case .border: min(max(index, 0), extent - 1)
        case .reflection: min(max(Int(reflected(Double(index))), 0), extent - 1)
        }
    }

    private func reflected(_ x: Double) -> Double {
        let (low, high) = borders
        let range = high - low
        guard range > 0, x < low || x > high else { return x < low ? low : x > high ? high : x }
        let distance = x < low ? low - x : x - high
        let times = (distance / range).rounded(.down)
        let rest = distance - times * range
        let isEven = times.truncatingRemainder(dividingBy: 2) == 0
        return (x < low) == isEven ? low + rest : high - rest
    }
}

/// Reads pictures or volumes at the places of a grid, in double precision.
struct GridSampler: FormatVisitor {
    let axes: [GridAxis]
    let mode: GridSample.Mode
    let images: Int
    let channels: Int
    let pixels: Int
    let gridType: ElementType

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let this = self
        let taps = mode == .nearest ? 1 : mode == .linear ? 2 : 4
        let each = axes.reduce(1) { product, _ in product * taps }
        let cost: Double = Double(images * pixels) * Double((channels + 4) * each) * 3 * Cost.element
        let lines = images * pixels
        let share = max(1, lines / 64)
        return Movement(units: max((lines + share - 1) / share, 1), cost: cost) { memory, units in
            for line in min(units.lowerBound * share, lines)..<min(units.upperBound * share, lines) {
                this.sample(line, memory, Format.self)
            }
        }
    }

    private func sample<Format: NumberFormat>(_ line: Int, _ memory: Movement.Memory, _: Format.Type) {
        let (image, pixel) = (line / pixels, line % pixels)
        let count = axes.count
        // A picture is a volume of one layer; the grid names the innermost axis first.
        var depth = GridAxis.Taps()
        if count == 3 { depth = axes[0].taps(number(memory, line * count + 2), mode) } else { depth.append(0, 1) }
        let row = axes[count - 2].taps(number(memory, line * count + 1), mode)
        let column = axes[count - 1].taps(number(memory, line * count), mode)
        let (height, width) = (axes[count - 2].extent, axes[count - 1].extent)
        let plane = axes.reduce(1) { $0 * $1.extent }
        for channel in 0..<channels {
            let x = memory.operand(0, as: Format.Stored.self) + (image * channels + channel) * plane
            var sum = 0.0
            for k in 0..<depth.count {
                for i in 0..<row.count {
                    let first = (depth.places[k] * height + row.places[i]) * width
                    var inner = 0.0
                    for j in 0..<column.count {
                        inner += column.weights[j] * Format.double(Format.load(x[first + column.places[j]]))
                    }
                    sum += depth.weights[k] * row.weights[i] * inner
                }
            }
            memory.result(as: Format.Stored.self)[(image * channels + channel) * pixels + pixel] =
                Format.store(Format.number(sum))
        }
    }

    private func number(_ memory: Movement.Memory, _ index: Int) -> Float {
        switch gridType {
        case .float64: Float(memory.operand(1, as: Double.self)[index])
        case .float16: HalfFormat.load(memory.operand(1, as: UInt16.self)[index])
        case .bfloat16: BrainFormat.load(memory.operand(1, as: UInt16.self)[index])
        default: memory.operand(1, as: Float.self)[index]
        }
    }
}
