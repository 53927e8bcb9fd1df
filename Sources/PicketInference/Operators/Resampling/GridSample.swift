import PicketTensor

/// ONNX GridSample (opsets 16, 20): a picture or volume read at places that a grid names, one for each pixel of the result.
package struct GridSample: MovementOperator {
    package static let signature = OperatorSignature(
        "GridSample",
        opsets: 16...21,
        inputs: 2...2,
        attributes: ["align_corners", "mode", "padding_mode"]
    )

    enum Mode: Sendable {
        case nearest
        case linear
        case cubic

        /// Opset 20 renamed two of them.
        init(_ name: String) throws(OperatorFault) {
            switch name {
            case "nearest": self = .nearest
            case "bilinear", "linear": self = .linear
            case "bicubic", "cubic": self = .cubic
            default: throw OperatorFault("attribute mode is \"\(name)\", expected nearest, linear or cubic")
            }
        }
    }

    private let mode: Mode
    private let padding: GridAxis.Padding
    private let alignsCorners: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        mode = try Mode(try node.attributes.string("mode") ?? "linear")
        let name = try node.attributes.string("padding_mode") ?? "zeros"
        guard let padding = GridAxis.Padding(rawValue: name) else {
            throw OperatorFault("attribute padding_mode is \"\(name)\", expected zeros, border or reflection")
        }
        self.padding = padding
        alignsCorners = try node.attributes.flag("align_corners", default: false)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (x, grid) = (try operands.required(0), try operands.required(1))
        let axes = x.shape.rank - 2
        guard axes == 2 || axes == 3, grid.shape.rank == x.shape.rank, grid.shape[0] == x.shape[0],
            grid.shape[axes + 1] == axes, grid.elementType.isFloatingPoint, x.elementType != .bool
        else {
            throw OperatorFault(
                "X is \(x.elementType) \(x.shape) and grid \(grid.elementType) \(grid.shape), which do not fit"
            )
        }
        guard x.shape.elementCount > 0 || grid.shape.elementCount == 0 else {
            throw OperatorFault("X of \(x.shape) has no elements to read")
        }
        return [
            try .checked(x.elementType, x.shape.dimensions.prefix(2) + grid.shape.dimensions.dropFirst().dropLast())
        ]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        guard context.axes == [0, 0] else { throw OperatorFault("mixes rows: X and grid do not both carry them") }
        return [0]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (x, grid) = (try operands.required(0), try operands.required(1))
        let spatial = Array(x.shape.dimensions.dropFirst(2))
        let sampler = GridSampler(
            axes: spatial.map { GridAxis(extent: $0, alignsCorners: alignsCorners, padding: padding) },
            mode: mode,
            images: x.shape[0],
            channels: x.shape[1],
            pixels: results[0].shape.dimensions.dropFirst(2).reduce(1, *),
            gridType: grid.elementType
        )
        return try x.elementType.visit(sampler)
    }
}
