/// ONNX SpaceToDepth (opsets 1, 13): blocks of pixels become channels.
package struct SpaceToDepth: MovementOperator {
    package static let signature = OperatorSignature("SpaceToDepth", inputs: 1...1, attributes: ["blocksize"])

    private let blocks: BlockRearrangement

    package init(_ node: NodeDescription) throws(OperatorFault) {
        blocks = try BlockRearrangement(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (shape, block) = (try blocks.picture(operands), blocks.block)
        guard shape[2].isMultiple(of: block), shape[3].isMultiple(of: block) else {
            throw OperatorFault("\(shape) does not divide into blocks of \(block) by \(block)")
        }
        let (channels, overflow) = shape[1].multipliedReportingOverflow(by: block * block)
        let extents = [shape[0], overflow ? .max : channels, shape[2] / block, shape[3] / block]
        return [try .checked(operands.required(0).elementType, extents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([1, 2, 3])]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (shape, block) = (try blocks.picture(operands), blocks.block)
        let extents = [shape[0], shape[1], shape[2] / block, block, shape[3] / block, block]
        return blocks.movement(try operands.required(0), extents: extents, order: [0, 3, 5, 1, 2, 4])
    }
}
