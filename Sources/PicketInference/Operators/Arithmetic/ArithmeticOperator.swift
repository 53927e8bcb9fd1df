package import CPicketKernels
import PicketTensor

/// Add, Sub, Mul and Div with broadcasting: float32 by kernel; float64 and integers plainly, wrapping as ONNX's
/// runtimes do.
package protocol ArithmeticOperator: ComputeOperator {
    static var kernel: picket_binary { get }

    static func apply<Number: BinaryFloatingPoint>(_ left: Number, _ right: Number) -> Number

    /// nil where there is no result.
    static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number?
}

extension ArithmeticOperator {
    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        guard left.elementType == right.elementType else {
            throw OperatorFault("inputs are \(left.elementType) and \(right.elementType), expected equal types")
        }
        switch left.elementType {
        case .float32, .float64, .int32, .int64, .uint8, .int8, .uint16, .int16, .uint32, .uint64: break
        default: throw OperatorFault("inputs are \(left.elementType), expected float32, float64 or integers")
        }
        return [try .checked(left.elementType, try Broadcast.shape(left.shape, right.shape))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let (left, right) = (try operands.required(0), try operands.required(1))
        switch result.fact.elementType {
        case .float32: try floats(Float.self, left, right, result)
        case .float64: try floats(Double.self, left, right, result)
        case .int64: try integers(Int64.self, left, right, result)
        case .int32: try integers(Int32.self, left, right, result)
        case .int16: try integers(Int16.self, left, right, result)
        case .int8: try integers(Int8.self, left, right, result)
        case .uint64: try integers(UInt64.self, left, right, result)
        case .uint32: try integers(UInt32.self, left, right, result)
        case .uint16: try integers(UInt16.self, left, right, result)
        case .uint8: try integers(UInt8.self, left, right, result)
        case .bool, .float16, .bfloat16: throw OperatorFault("inputs are \(result.fact.elementType)")
        }
    }

    private func floats<Number: BinaryFloatingPoint & TensorElement>(
        _ type: Number.Type,
        _ left: OperandView,
        _ right: OperandView,
        _ result: ResultView
    ) throws(OperatorFault) {
        try forEach(type, left, right, result) { a, b in Self.apply(a, b) }
    }

    private func integers<Number: FixedWidthInteger & TensorElement>(
        _ type: Number.Type,
        _ left: OperandView,
        _ right: OperandView,
        _ result: ResultView
    ) throws(OperatorFault) {
        try forEach(type, left, right, result) { (a, b) throws(OperatorFault) in
            guard let value: Number = Self.apply(a, b) else { throw OperatorFault("divides \(a) by \(b)") }
            return value
        }
    }

    private func forEach<Number: TensorElement>(
        _ type: Number.Type,
        _ left: OperandView,
        _ right: OperandView,
        _ result: ResultView,
        _ apply: (Number, Number) throws(OperatorFault) -> Number
    ) throws(OperatorFault) {
        let broadcast = Broadcast(left.shape, right.shape, result: result.shape)
        let (a, b, y) = (left.elements(type), right.elements(type), result.elements(type))
        let count = broadcast.count
        guard !y.isEmpty else { return }
        let last = broadcast.extents.count - 1
        let (aStep, bStep) = (broadcast.leftStrides[last], broadcast.rightStrides[last])
        try broadcast.forEachRun(0..<broadcast.runs) { (run, aBegin, bBegin) throws(OperatorFault) in
            for index in 0..<count {
                y[run * count + index] = try apply(a[aBegin + index * aStep], b[bBegin + index * bStep])
            }
        }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard let result = node.results.first, result.elementType == .float32 else {
            return try builder.compute(self, node)
        }
        let (left, right) = (try node.input(0), try node.input(1))
        let broadcast = Broadcast(
            try node.operands.required(0).shape,
            try node.operands.required(1).shape,
            result: result.shape
        )
        if try !builder.reuse(left, for: node.output(0)) { try builder.reuse(right, for: node.output(0)) }
        try builder.binary(Self.kernel, broadcast, left, right, node.output(0))
    }
}

extension PlanBuilder {
    /// Adds an element-wise function of two float32 operands.
    mutating func binary(
        _ operation: picket_binary,
        _ broadcast: Broadcast,
        _ left: ValueID,
        _ right: ValueID,
        _ output: ValueID
    ) throws(OperatorFault) {
        let kernels = kernels
        let last = broadcast.extents.count - 1
        let count = broadcast.count
        let (aStep, bStep) = (broadcast.leftStrides[last], broadcast.rightStrides[last])
        let cost = Double(broadcast.runs * count) * Cost.element
        if last == 0 {
            let blocks = (count + Self.block - 1) / Self.block
            try add(units: blocks, cost: cost) { resolver throws(OperatorFault) in
                let (a, b) = (try resolver.address(left), try resolver.address(right))
                let y = try resolver.address(output)
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
            let (a, b) = (try resolver.address(left), try resolver.address(right))
            let y = try resolver.address(output)
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
