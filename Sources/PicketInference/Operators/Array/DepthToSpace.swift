/// ONNX DepthToSpace (opsets 1, 11, 13): channels become blocks of pixels, in the order depth-column-row (`DCR`) or
/// column-row-depth (`CRD`).
package struct DepthToSpace: MovementOperator {
    package static let signature = OperatorSignature("DepthToSpace", inputs: 1...1, attributes: ["blocksize", "mode"])

    private let blocks: BlockRearrangement
    private let isDepthFirst: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        blocks = try BlockRearrangement(node)
        let mode = try node.attributes.string("mode") ?? "DCR"
        guard mode == "DCR" || mode == "CRD", mode == "DCR" || node.opset >= 11 else {
            throw OperatorFault("attribute mode is \"\(mode)\", expected DCR or, since opset 11, CRD")
        }
        isDepthFirst = mode == "DCR"
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (shape, block) = (try blocks.picture(operands), blocks.block)
        guard shape[1].isMultiple(of: block * block) else {
            throw OperatorFault("\(shape[1]) channels do not divide into blocks of \(block) by \(block)")
        }
        let extents = [shape[0], shape[1] / (block * block), shape[2] * block, shape[3] * block]
        return [try .checked(operands.required(0).elementType, extents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([1, 2, 3])]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (shape, block) = (try blocks.picture(operands), blocks.block)
        let depth = results[0].shape[1]
        let (extents, order) =
            isDepthFirst
            ? ([shape[0], block, block, depth, shape[2], shape[3]], [0, 3, 4, 1, 5, 2])
            : ([shape[0], depth, block, block, shape[2], shape[3]], [0, 1, 4, 2, 5, 3])
        return blocks.movement(try operands.required(0), extents: extents, order: order)
    }
}
