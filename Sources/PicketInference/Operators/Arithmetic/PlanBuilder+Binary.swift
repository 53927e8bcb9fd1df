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
        let last = broadcast.extents.count - 1
        let count = broadcast.count
        let (aStep, bStep) = (broadcast.leftStrides[last], broadcast.rightStrides[last])
        let cost = Double(broadcast.runs * count) * Cost.element
        if last == 0 {
            let blocks = (count + Self.block - 1) / Self.block
            try add(units: blocks, cost: cost) { resolver throws(OperatorFault) in
                let a = try resolver.address(left, choice.operands[0])
                let b = try resolver.address(right, choice.operands[1])
                let y = try resolver.address(output, choice.result)
                return { space, units in
                    let begin = units.lowerBound * Self.block
                    let end = min(units.upperBound * Self.block, count)
                    kernels.functions.pointee.binary(
                        operation,
                        1,
                        end - begin,
                        a.floats(space) + begin * aStep,
                        0,
                        aStep,
                        b.floats(space) + begin * bStep,
                        0,
                        bStep,
                        y.mutableFloats(space) + begin,
                        count
                    )
                }
            }
            return
        }
        // The kernel walks the last two axes; what lies outside them is walked here.
        let rows = broadcast.extents[last - 1]
        let (aRow, bRow) = (broadcast.leftStrides[last - 1], broadcast.rightStrides[last - 1])
        try add(units: broadcast.runs, cost: cost) { resolver throws(OperatorFault) in
            let a = try resolver.address(left, choice.operands[0])
            let b = try resolver.address(right, choice.operands[1])
            let y = try resolver.address(output, choice.result)
            return { (space, units) throws(OperatorFault) in
                var run = units.lowerBound
                while run < units.upperBound {
                    let length = min(rows - run % rows, units.upperBound - run)
                    try broadcast.forEachRun(run..<run + 1) { (run, aBegin, bBegin) throws(OperatorFault) in
                        kernels.functions.pointee.binary(
                            operation,
                            length,
                            count,
                            a.floats(space) + aBegin,
                            aRow,
                            aStep,
                            b.floats(space) + bBegin,
                            bRow,
                            bStep,
                            y.mutableFloats(space) + run * count,
                            count
                        )
                    }
                    run += length
                }
            }
        }
    }
}
