import PicketTensor

/// ONNX CenterCropPad (opset 18): cut or filled with zeros on both sides alike, to a shape.
package struct CenterCropPad: MovementOperator {
    package static let signature = OperatorSignature(
        "CenterCropPad",
        opsets: 18...21,
        inputs: 2...2,
        attributes: ["axes"]
    )

    private let axes: [Int]?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try node.attributes.ints("axes")
    }

    private func extents(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let shape = try operands.required(0).shape
        let wanted = try operands.required(1).integers("shape")
        let axes = try (axes ?? Array(shape.dimensions.indices)).map { axis throws(OperatorFault) in
            try normalised(axis: axis, rank: shape.rank)
        }
        guard wanted.count == axes.count, Set(axes).count == axes.count else {
            throw OperatorFault("shape has \(wanted.count) values for axes \(axes)")
        }
        var extents = shape.dimensions
        for (axis, extent) in zip(axes, wanted) {
            guard max(extent, extents[axis]) <= Int(Int32.max) else {
                throw OperatorFault("axis \(axis) of \(extents[axis]) becomes \(extent), expected at most \(Int32.max)")
            }
            extents[axis] = extent
        }
        return extents
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(operands.required(0).elementType, extents(operands))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let shape = try context.operands.required(0).shape
        let worked = try extents(context.operands).enumerated().filter { $0.element != shape[$0.offset] }
        return [try context.along(worked.map(\.offset))]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let size = data.elementType.byteCount
        let bytes = results[0].shape.elementCount * size
        // Tables are made for results only that have elements.
        guard bytes > 0 else { return Movement(cost: 0) { _, _ in } }
        let maps = zip(data.shape.dimensions, results[0].shape.dimensions).map { extent, wanted in
            // An odd element more is cut or filled behind.
            let begin = wanted >= extent ? -((wanted - extent) / 2) : (extent - wanted) / 2
            return (0..<wanted).map { place in
                let source = place + begin
                return source >= 0 && source < extent ? Int32(source) : MappedCopy.outside
            }
        }
        let fill = [UInt8](repeating: 0, count: size)
        return MappedCopy(maps: maps, shape: data.shape.dimensions, elementBytes: size, fill: fill)
            .movement(bytes: bytes)
    }
}
