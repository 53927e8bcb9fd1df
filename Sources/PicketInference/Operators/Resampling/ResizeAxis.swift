/// How one axis is resized: for each place of the result, what it is made of.
struct ResizeAxis: Sendable {
    /// How a place of the result is found in the operand (ONNX attribute `coordinate_transformation_mode`).
    enum Transformation: String, Sendable {
        case asymmetric
        case alignCorners = "align_corners"
        case halfPixel = "half_pixel"
        case halfPixelSymmetric = "half_pixel_symmetric"
        case pytorchHalfPixel = "pytorch_half_pixel"
        case tensorFlowHalfPixel = "tf_half_pixel_for_nn"
        case cropAndResize = "tf_crop_and_resize"

        func exists(in opset: Int) -> Bool {
            switch self {
            case .tensorFlowHalfPixel: opset < 13
            case .halfPixelSymmetric: opset >= 19
            default: true
            }
        }
    }

    /// Which neighbour is nearest (ONNX attribute `nearest_mode`).
    enum Rounding: String, Sendable {
        case preferFloor = "round_prefer_floor"
        case preferCeil = "round_prefer_ceil"
        case floor
        case ceil
        /// Before opset 11: down where the axis grows, up where it shrinks.
        case simple
    }

    /// Longer axes are refused: tables are made of them, whatever the other extents are.
    static let maximumExtent = 1 << 20

    var input: Int
    var output: Int
    var scale: Float
    var transformation: Transformation
    /// The part of the axis that is resized, of its whole length.
    var region: (begin: Float, end: Float) = (0, 1)

    /// The place in the operand of a place in the result, in single precision as onnxruntime has it; nil where outside.
    ///
    /// A number far outside, or none at all, is brought near, so that it can be an index.
    func coordinate(_ place: Int) -> (value: Float, isOutside: Bool) {
        let (x, length) = (Float(place), Float(input))
        let value: Float
        switch transformation {
        case .asymmetric: value = x / scale
        case .alignCorners: value = output == 1 ? 0 : x * (length - 1) / Float(output - 1)
        case .halfPixel: value = (x + 0.5) / scale - 0.5
        case .halfPixelSymmetric:
            let adjustment = Float(output) / (scale * length)
            value = length / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
        case .pytorchHalfPixel: value = output > 1 ? (x + 0.5) / scale - 0.5 : 0
        case .tensorFlowHalfPixel: value = (x + 0.5) / scale
        case .cropAndResize:
            let extent = region.end - region.begin
            value =
                output > 1
                ? region.begin * (length - 1) + x * extent * (length - 1) / Float(output - 1)
                : 0.5 * (region.begin + region.end) * (length - 1)
        }
        let isOutside = transformation == .cropAndResize && !(value >= 0 && value <= length - 1)
        guard !value.isNaN else { return (0, true) }
        return (min(max(value, -8), length + 8), isOutside)
    }

    /// The nearest place in the operand for each place of the result, as ``MappedCopy`` has it.
    func nearest(_ rounding: Rounding) -> [Int32] {
        (0..<output).map { place in
            let (x, isOutside) = coordinate(place)
            guard !isOutside else { return MappedCopy.outside }
            let rounded =
                switch rounding {
                case .preferFloor: x == x.rounded(.down) + 0.5 ? x.rounded(.down) : x.rounded()
                case .preferCeil: x == x.rounded(.down) + 0.5 ? x.rounded(.up) : x.rounded()
                case .floor: x.rounded(.down)
                case .ceil: x.rounded(.up)
                case .simple: scale < 1 ? x.rounded(.up) : x.rounded(.down)
                }
            return Int32(min(max(Int(rounded), 0), input - 1))
        }
    }

    /// What places of the result are sums of: `taps` entries for each place, one behind the other.
    struct Weights: Sendable {
        var taps: Int
        var places: [Int32]
        var factors: [Double]
        /// Places of the result that lie outside of the operand.
        var outside: [Bool]
    }

    /// The interpolation's weights.
    ///
    /// - Parameters:
    ///   - reach: half the width of the kernel.
    ///   - smooths: whether a shrinking axis widens the kernel, so that every element counts (`antialias`).
    ///   - excludes: whether what lies outside has no weight; else the outermost element stands for it.
    func weights(reach: Int, smooths: Bool, excludes: Bool, kernel: (Double) -> Double) -> Weights {
        guard output > 0 else { return Weights(taps: 1, places: [], factors: [], outside: []) }
        let stretch = smooths ? Double(min(scale, 1)) : 1
        let radius = Double(reach) / stretch
        // Places past both ends fold onto the outermost, so that more taps than elements are not needed.
        let taps = min(Int((2 * radius).rounded(.up)) + 1, input)
        var result = Weights(taps: taps, places: [], factors: [], outside: [])
        var line = [Double](repeating: 0, count: input)
        for place in 0..<output {
            let (single, isOutside) = coordinate(place)
            let x = Double(single)
            result.outside.append(isOutside)
            let (first, last) = (Int((x - radius).rounded(.down)) + 1, Int((x + radius).rounded(.up)) - 1)
            let inside = min(max(first, 0), input - 1)...min(max(last, 0), input - 1)
            var sum = 0.0
            for index in min(first, last)...max(first, last) {
                let weight = kernel((Double(index) - x) * stretch)
                guard !excludes || (0..<input).contains(index) else { continue }
                line[min(max(index, 0), input - 1)] += weight
                sum += weight
            }
            if !excludes && !smooths || sum == 0 { sum = 1 }
            let begin = min(inside.lowerBound, input - taps)
            for index in begin..<begin + taps {
                result.places.append(Int32(index))
                result.factors.append(line[index] / sum)
                line[index] = 0
            }
        }
        return result
    }
}
