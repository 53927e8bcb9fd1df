import PicketTensor

/// What DepthToSpace and SpaceToDepth share: blocks of pixels become channels, or the other way.
struct BlockRearrangement: Sendable {
    let block: Int

    init(_ node: NodeDescription) throws(OperatorFault) {
        guard let block = try node.attributes.int("blocksize") else {
            throw OperatorFault("attribute blocksize is missing")
        }
        guard block >= 1, block <= 1 << 20 else {
            throw OperatorFault("attribute blocksize is \(block), expected 1 to \(1 << 20)")
        }
        self.block = block
    }

    /// A picture's extents.
    func picture(_ operands: [OperandFact?]) throws(OperatorFault) -> Shape {
        let shape = try operands.required(0).shape
        guard shape.rank == 4 else { throw OperatorFault("input has shape \(shape), expected rank 4") }
        return shape
    }

    /// The movement for a source seen as `extents`, whose axes come in the order of `order` in the result.
    func movement(_ operand: OperandFact, extents: [Int], order: [Int]) -> Movement {
        let strides = StridedCopy.rowMajor(extents)
        let copy = StridedCopy(extents: order.map { extents[$0] }, strides: order.map { strides[$0] })
        let size = operand.elementType.byteCount
        return .copies([(copy, 0, 0)], elementBytes: size, bytes: operand.shape.elementCount * size)
    }
}
