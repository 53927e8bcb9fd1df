import PicketTensor

/// ONNX AffineGrid (opset 20): where each pixel of a result looks in its picture, by an affine map of pictures or volumes.
package struct AffineGrid: MovementOperator {
    package static let signature = OperatorSignature(
        "AffineGrid",
        opsets: 20...21,
        inputs: 2...2,
        attributes: ["align_corners"]
    )

    private let alignsCorners: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alignsCorners = try node.attributes.flag("align_corners", default: false)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let theta = try operands.required(0)
        let size = try operands.required(1).integers("size")
        let axes = size.count - 2
        guard theta.elementType.isFloatingPoint, axes == 2 || axes == 3,
            theta.shape.dimensions == [size[0], axes, axes + 1]
        else {
            throw OperatorFault("theta is \(theta.elementType) \(theta.shape), size \(size)")
        }
        return [try .checked(theta.elementType, [size[0]] + size[2...] + [axes])]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let shape = results[0].shape.dimensions
        let grid = Grid(images: shape[0], extents: Array(shape[1..<shape.count - 1]), alignsCorners: alignsCorners)
        return try results[0].elementType.visit(grid)
    }

    private struct Grid: FormatVisitor {
        var images: Int
        /// Outermost first; coordinates are the other way round.
        var extents: [Int]
        var alignsCorners: Bool

        private func coordinate(_ place: Int, _ extent: Int) -> Double {
            guard alignsCorners else { return (2 * Double(place) + 1) / Double(extent) - 1 }
            return extent > 1 ? 2 * Double(place) / Double(extent - 1) - 1 : -1
        }

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let this = self
            let (axes, pixels) = (extents.count, extents.reduce(1, *))
            let lines = images * pixels
            let each = max(1, lines / 64)
            return Movement(units: max((lines + each - 1) / each, 1), cost: Double(lines * axes) * 4 * Cost.element) {
                memory,
                units in
                let range = min(units.lowerBound * each, lines)..<min(units.upperBound * each, lines)
                var walk = BoxWalk(extents: this.extents, axes: axes, at: pixels > 0 ? range.lowerBound % pixels : 0)
                let result = memory.result(as: Format.Stored.self)
                for line in range {
                    let theta = memory.operand(0, as: Format.Stored.self) + line / pixels * axes * (axes + 1)
                    for row in 0..<axes {
                        var sum = Format.double(Format.load(theta[row * (axes + 1) + axes]))
                        for column in 0..<axes {
                            let axis = axes - 1 - column
                            let factor = Format.double(Format.load(theta[row * (axes + 1) + column]))
                            sum += factor * this.coordinate(walk[axis], this.extents[axis])
                        }
                        result[line * axes + row] = Format.store(Format.number(sum))
                    }
                    walk.advance(this.extents)
                }
            }
        }
    }
}
