import PicketTensor

/// Convolution over one to three spatial axes of any float type, one plane after the other in double precision: the
/// reference of three axes, and what computes types other than float32.
struct VolumeConvolution: FormatVisitor {
    let window: VolumeWindow
    let images: Int
    let groups: Int
    /// Channels of one group.
    let inputs: Int
    let outputs: Int
    let hasBias: Bool
    /// The operand that is added, where there is one.
    let residual: Int?
    let activation: Activation

    init(
        _ geometry: Window.Geometry,
        _ input: Shape,
        _ weights: Shape,
        groups: Int,
        hasBias: Bool,
        residual: Int?,
        activation: Activation
    ) {
        window = VolumeWindow(geometry)
        images = input[0]
        self.groups = groups
        inputs = weights[1]
        outputs = weights[0] / groups
        self.hasBias = hasBias
        self.residual = residual
        self.activation = activation
    }

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let this = self
        let planes = images * groups * outputs
        let work = Double(planes) * Double(window.outputPlane) * Double(window.kernelTaps) * Double(inputs)
        return Movement(units: max(planes, 1), cost: work * 5 * Cost.element) { memory, units in
            for plane in units.clamped(to: 0..<planes) { this.compute(plane, memory, Format.self) }
        }
    }

    private func compute<Format: NumberFormat>(_ plane: Int, _ memory: Movement.Memory, _: Format.Type) {
        let (image, channel) = (plane / (groups * outputs), plane % (groups * outputs))
        let first = channel / outputs * inputs
        let (inPlane, outPlane, taps) = (window.inputPlane, window.outputPlane, window.kernelTaps)
        let x = memory.operand(0, as: Format.Stored.self) + (image * groups * inputs + first) * inPlane
        let w = memory.operand(1, as: Format.Stored.self) + channel * inputs * taps
        let bias = hasBias ? Format.double(Format.load(memory.operand(2, as: Format.Stored.self)[channel])) : 0
        let added = residual.map { memory.operand($0, as: Format.Stored.self) + plane * outPlane }
        let y = memory.result(as: Format.Stored.self) + plane * outPlane
        for index in 0..<outPlane {
            var sum = 0.0
            for input in 0..<inputs {
                window.forEachTap(at: index) { place, tap in
                    let factor = Format.double(Format.load(w[input * taps + tap]))
                    sum += Format.double(Format.load(x[input * inPlane + place])) * factor
                }
            }
            sum += bias + (added.map { Format.double(Format.load($0[index])) } ?? 0)
            let number = activation.kernel == Activation.none.kernel ? sum : Double(activation(Float(sum)))
            y[index] = Format.store(Format.number(number))
        }
    }
}
