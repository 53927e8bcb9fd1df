import PicketTensor

// The forms of convolution that the kernels for pictures do not have: three spatial axes, other types than float32.
extension Conv {
    /// Whether the kernels for pictures of float32 compute the node.
    func hasKernel(_ operands: [OperandFact?]) -> Bool {
        guard let operand = operands.first ?? nil else { return false }
        return operand.elementType == .float32 && operand.shape.rank <= 4
    }

    /// What convolves one plane after the other.
    func volume(_ operands: [OperandFact?]) throws(OperatorFault) -> VolumeConvolution {
        let (x, w) = (try operands.required(0).shape, try operands.required(1).shape)
        return VolumeConvolution(
            try geometry(x, w),
            x,
            w,
            groups: groups,
            hasBias: operands.optional(2) != nil,
            residual: addsResidual ? Self.residualPosition : nil,
            activation: activation
        )
    }

    func lowerVolume(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let volume = try volume(node.operands)
        guard let type = node.results.first?.elementType, type != .float32 else {
            return try builder.volumeConvolution(volume, node)
        }
        try builder.move(try type.visit(volume), node)
    }
}
