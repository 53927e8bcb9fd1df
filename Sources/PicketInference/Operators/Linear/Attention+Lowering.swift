import PicketTensor

extension Attention {
    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (inputs, output) = (node.node.inputs, try node.output(0))
        guard let result = node.results.first else { throw OperatorFault("an attention without a result") }
        let place = builder.view(of: output, result.shape)
        let shape = try AttentionShape(
            self,
            node.operands,
            result,
            view: { [builder] index in
                inputs.optional(index).flatMap { id in
                    node.operands.optional(index).map { builder.view(of: id, $0.shape) }
                }
            },
            resultView: place
        )
        let roots = inputs.prefix(Self.factors).enumerated().compactMap { index, id in
            id.flatMap { id in node.operands[index].map { builder.view(of: id, $0.shape).root } }
        }
        let blocks = AttentionBlocks(shape, builder.kernels)
        let (scales, addends) = (scales, addends)
        let scores = Double(shape.stack) * Double(shape.rows) * Double(shape.count)
        let cost = scores * (Double(shape.depth + shape.width) * Cost.multiplyAdd + Cost.transcendental)
        try builder.add(units: shape.stack * blocks.perMatrix, cost: cost, scratch: blocks.scratchBytes) {
            resolver throws(OperatorFault) in
            let sources = try roots.map { id throws(OperatorFault) in try resolver.address(id) }
            let target = try resolver.address(place.root)
            let numbers = try scales.map { scale throws(OperatorFault) in
                (address: try resolver.address(inputs.required(scale.operand)), divides: scale.divides)
            }
            let added = try addends.map { addend throws(OperatorFault) in
                try resolver.address(inputs.required(addend.operand))
            }
            return { space, units in
                var scale: Float = 1
                for number in numbers {
                    let value = number.address.floats(space)[0]
                    scale = number.divides ? scale / value : scale * value
                }
                blocks.run(
                    units,
                    .init(
                        queries: sources[0].floats(space),
                        keys: sources[1].floats(space),
                        values: sources[2].floats(space),
                        result: target.mutableFloats(space),
                        scale: scale
                    ),
                    addend: { added[$0].floats(space) },
                    scratch: space.scratch
                )
            }
        }
    }
}
