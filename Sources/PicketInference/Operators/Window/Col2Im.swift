import PicketTensor

/// ONNX Col2Im (opset 18): blocks of an image, one a column, added where they belong.
package struct Col2Im: MovementOperator {
    package static let signature = OperatorSignature(
        "Col2Im",
        opsets: 18...21,
        inputs: 3...3,
        attributes: ["dilations", "pads", "strides"]
    )

    private let attributes: NodeAttributes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        attributes = node.attributes
    }

    /// The window over the image that the columns were taken with.
    private func geometry(_ operands: [OperandFact?]) throws(OperatorFault) -> (window: Window.Geometry, channels: Int)
    {
        let shape = try operands.required(0).shape
        let image = try operands.required(1).integers("image_shape")
        let block = try operands.required(2).integers("block_shape")
        guard shape.rank == 3, image.count == block.count else {
            throw OperatorFault(
                "input has shape \(shape), image_shape \(image.count) values, block_shape \(block.count)"
            )
        }
        let window = try Window(attributes).geometry(over: image, kernel: block, ranks: 1...3)
        let taps = try ConcreteFact.checked(.float32, block).shape.elementCount
        let columns = try ConcreteFact.checked(.float32, window.output).shape.elementCount
        guard shape[1].isMultiple(of: taps), shape[2] == columns else {
            throw OperatorFault("input of \(shape) does not hold blocks of \(block) at \(columns) places")
        }
        return (window, shape[1] / taps)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        guard data.elementType != .bool else { throw OperatorFault("input is bool, expected numbers") }
        let (window, channels) = try geometry(operands)
        return [try .checked(data.elementType, [data.shape[0], channels] + window.input)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        guard results[0].shape.elementCount > 0 else { return Movement(cost: 0) { _, _ in } }
        let (geometry, channels) = try geometry(operands)
        let planes = results[0].shape[0] * channels
        return try results[0].elementType.visit(Sums(window: VolumeWindow(geometry), planes: planes))
    }

    private struct Sums: FormatVisitor {
        var window: VolumeWindow
        var planes: Int

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let (window, planes) = (window, planes)
            let (image, columns, taps) = (window.inputPlane, window.outputPlane, window.kernelTaps)
            let cost = Double(planes) * Double(columns) * Double(taps) * 2 * Cost.element
            return Movement(units: max(planes, 1), cost: cost) { memory, units in
                for plane in units.clamped(to: 0..<planes) {
                    let from = memory.operand(0, as: Format.Stored.self) + plane * taps * columns
                    let to = memory.result(as: Format.Stored.self) + plane * image
                    to.update(repeating: Format.store(Format.number(0)), count: image)
                    for column in 0..<columns {
                        window.forEachTap(at: column) { place, tap in
                            let sum = Format.add(Format.load(to[place]), Format.load(from[tap * columns + column]))
                            to[place] = Format.store(sum)
                        }
                    }
                }
            }
        }
    }
}
