import PicketTensor

/// ONNX Where (opsets 9, 16): where the condition is true, the element of X, else that of Y, all three broadcast.
package struct Where: ComputeOperator {
    package static let signature = OperatorSignature("Where", opsets: 9...21, inputs: 3...3)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let condition = try operands.required(0)
        let (x, y) = (try operands.required(1), try operands.required(2))
        try condition.check("condition", isOf: [.bool])
        try Broadcast.check(x, y, areOf: .all)
        let values: ConcreteFact = try .checked(x.elementType, try Broadcast.shape(x.shape, y.shape))
        return [try .checked(x.elementType, try Broadcast.shape(condition.shape, values.shape))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let (condition, x) = (try operands.required(0), try operands.required(1))
        try operands.required(2).copyStretched(into: result)
        // Elements are moved, not computed: an integer of their size stands for them.
        switch result.fact.elementType.byteCount {
        case 1: try overlay(UInt8.self, x, condition, result)
        case 2: try overlay(UInt16.self, x, condition, result)
        case 4: try overlay(UInt32.self, x, condition, result)
        default: try overlay(UInt64.self, x, condition, result)
        }
    }

    private func overlay<Element: TensorElement>(
        _ type: Element.Type,
        _ x: OperandView,
        _ condition: OperandView,
        _ result: ResultView
    ) throws(OperatorFault) {
        let target = result.elements(type)
        try Broadcast(condition.shape, x.shape, result: result.shape)
            .forEach(condition.elements(UInt8.self), x.elements(type)) { index, holds, value in
                if holds != 0 { target[index] = value }
            }
    }
}

extension OperandView {
    /// Copies the operand into a result of the same type, stretched over its shape.
    func copyStretched(into result: ResultView) {
        let (steps, missing) = (shape.strides, result.shape.rank - shape.rank)
        let strides = result.shape.dimensions.indices.map { axis in
            axis < missing || shape[axis - missing] == 1 ? 0 : steps[axis - missing]
        }
        StridedCopy(extents: result.shape.dimensions, strides: strides)
            .run(from: bytes, to: result.bytes, elementBytes: fact.elementType.byteCount)
    }
}
