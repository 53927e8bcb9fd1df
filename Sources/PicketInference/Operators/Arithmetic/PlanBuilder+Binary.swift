import CPicketKernels

extension PlanBuilder {
    /// Adds an element-wise function of two float32 operands.
    mutating func binary(
        _ operation: picket_binary,
        _ broadcast: Broadcast,
        _ left: ValueID,
        _ right: ValueID,
        _ output: ValueID,
        _ choice: LayoutChoice = LayoutChoice(operands: [.plain, .plain], result: .plain)
    ) throws(OperatorFault) {
        let kernels = kernels
        let a = Place(value: left, layout: choice.operands[0])
        let b = Place(value: right, layout: choice.operands[1])
        let y = Place(value: output, layout: choice.result)
        let link = ElementwiseWork.Link(function: .binary(operation, broadcast))
        let work = ElementwiseWork(operands: [a, b], result: y, link: link) { resolver throws(OperatorFault) in
            let (left, right) = (try resolver.address(a.value, a.layout), try resolver.address(b.value, b.layout))
            let result = try resolver.address(y.value, y.layout)
            let walk = BroadcastWalk(extents: broadcast.extents)
            let (a, b) = (broadcast.operands[0], broadcast.operands[1])
            return { space, elements in
                walk.forEachPiece(elements) { piece in
                    kernels.functions.pointee.binary(
                        operation,
                        piece.rows,
                        piece.count,
                        left.floats(space) + a.offset(row: piece.row, column: piece.column),
                        a.rowStride,
                        a.step,
                        right.floats(space) + b.offset(row: piece.row, column: piece.column),
                        b.rowStride,
                        b.step,
                        result.mutableFloats(space) + piece.begin,
                        walk.count
                    )
                }
            }
        }
        try addElementwise(work, elements: broadcast.runs * broadcast.count, cost: Cost.element)
    }
}
