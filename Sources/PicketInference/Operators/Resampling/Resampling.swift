import PicketTensor

/// What Resize and Upsample share, once the axes and their scales are known.
struct Resampling: Sendable {
    enum Mode: String, Sendable {
        case nearest
        case linear
        case cubic
    }

    var mode: Mode
    var rounding = ResizeAxis.Rounding.preferFloor
    var cubicCoefficient: Double = -0.75
    var excludesOutside = false
    var smooths = false
    var outsideValue: Float = 0

    /// - Parameter axes: one for each axis of the operand.
    func movement(
        _ operand: OperandFact,
        _ axes: [ResizeAxis],
        _ result: ConcreteFact
    ) throws(OperatorFault) -> Movement {
        let size = operand.elementType.byteCount
        if mode == .nearest {
            let value =
                try operand.elementType == .bool
                ? [0] : operand.elementType.visit(BytesOf(number: Double(outsideValue)))
            let copy = MappedCopy(
                maps: axes.map { $0.nearest(rounding) },
                shape: operand.shape.dimensions,
                elementBytes: size,
                fill: value
            )
            return copy.movement(bytes: result.shape.elementCount * size)
        }
        let resize = SeparableResize(
            shape: operand.shape.dimensions,
            axes: axes.map { axis in self.isIdentity(axis) ? nil : (axis.output, weights(axis)) }
        )
        return try operand.elementType.visit(Writer(resize: resize, outsideValue: Double(outsideValue)))
    }

    /// Whether an axis stays as it is.
    func isIdentity(_ axis: ResizeAxis) -> Bool {
        guard axis.input == axis.output else { return false }
        return (0..<axis.output).allSatisfy { place in
            let (x, isOutside) = axis.coordinate(place)
            return x == Float(place) && !isOutside
        }
    }

    private func weights(_ axis: ResizeAxis) -> ResizeAxis.Weights {
        if mode == .linear {
            return axis.weights(reach: 1, smooths: smooths, excludes: excludesOutside) { max(0, 1 - abs($0)) }
        }
        // Keys, "Cubic convolution interpolation for digital image processing", 1981.
        let a = cubicCoefficient
        return axis.weights(reach: 2, smooths: smooths, excludes: excludesOutside) { x in
            let x = abs(x)
            if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
            return 0
        }
    }

    /// Loads a part, resizes it in float32, or in float64 where float32 does not hold the type, and stores it.
    private struct Writer: FormatVisitor {
        var resize: SeparableResize
        var outsideValue: Double

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            MemoryLayout<Format.Stored>.size < 4 || Format.Number.self == Float.self
                ? movement(format, Float.self) : movement(format, Double.self)
        }

        private func movement<Format: NumberFormat, Work: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
            _ format: Format.Type,
            _ work: Work.Type
        ) -> Movement {
            let (resize, outsideValue) = (resize, outsideValue)
            let factors = resize.passes.map { $0.weights.factors.map { Work($0) } }
            let isPlain = Format.Stored.self == Work.self
            let sums = resize.passes.reduce(0) { $0 + $1.outputCount * $1.weights.taps }
            let stride = (resize.between * MemoryLayout<Work>.size + 63) / 64 * 64
            return Movement(
                units: max(resize.parts, 1),
                cost: Double(resize.parts) * Double(sums) * Cost.element,
                scratchBytes: 3 * stride
            ) { memory, units in
                let loaded = memory.scratch.assumingMemoryBound(to: Work.self)
                let first = (memory.scratch + stride).assumingMemoryBound(to: Work.self)
                let second = (memory.scratch + 2 * stride).assumingMemoryBound(to: Work.self)
                for part in units.clamped(to: 0..<resize.parts) {
                    let source = memory.operand(0, as: Format.Stored.self) + part * resize.partInput
                    let target = memory.result(as: Format.Stored.self) + part * resize.partOutput
                    var from = UnsafePointer(loaded)
                    if isPlain {
                        from = UnsafeRawPointer(source).assumingMemoryBound(to: Work.self)
                    } else {
                        for index in 0..<resize.partInput {
                            loaded[index] = Work(Format.double(Format.load(source[index])))
                        }
                    }
                    let made = resize.run(from, first, second, factors)
                    if isPlain {
                        UnsafeMutableRawPointer(target).copyMemory(
                            from: made,
                            byteCount: resize.partOutput * MemoryLayout<Work>.size
                        )
                    } else {
                        for index in 0..<resize.partOutput {
                            target[index] = Format.store(Format.number(Double(made[index])))
                        }
                    }
                    for index in resize.outside.indices where resize.outside[index] {
                        target[index] = Format.store(Format.number(outsideValue))
                    }
                }
            }
        }
    }
}
