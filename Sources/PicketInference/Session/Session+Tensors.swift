public import PicketTensor

extension Session {
    /// Runs whole tensors.
    ///
    /// - Parameters:
    ///   - inputs: a tensor for each of the model's inputs, by name.
    ///   - outputs: the names of the outputs wanted; nil for all.
    /// - Throws: ``SessionFault``.
    public func run(_ inputs: [String: Tensor], outputs: [String]? = nil) throws -> [String: Tensor] {
        let ordered = try check(inputs)
        let wanted = try positions(of: outputs)
        let results = try run(ordered, wanted: wanted)
        return Dictionary(
            zip(wanted.map { compiled.graph[compiled.graph.outputs[$0]].name }, results),
            uniquingKeysWith: { first, _ in first }
        )
    }

    func run(_ inputs: [Tensor], wanted: [Int]) throws -> [Tensor] {
        if compiled.isOpen { return try runOpen(inputs, wanted: wanted) }
        let shapes = inputs.map(\.shape)
        let rows = try rowCount(inputs)
        guard let rows, !compiled.allowsWhole(rows: rows) else {
            let plan = try plan(shapes)
            for (tensor, port) in zip(inputs, plan.inputs) { load(tensor, into: port) }
            try executeWrapped(plan)
            return wanted.map { index in
                let port = plan.outputs[index]
                var result = Tensor(zeros: port.fact.elementType, shape: port.fact.shape)
                copy(port, bytes: port.byteCount, into: &result, at: 0)
                return result
            }
        }
        let carries = compiled.rowInputs
        let passShapes = { (count: Int) in
            zip(shapes, carries).map { shape, carries in carries ? shape.withRows(count) : shape }
        }
        return try runPasses(rows: rows, wanted: wanted, shapes: passShapes) { plan, run, range, slots in
            for (index, port) in plan.inputs.enumerated() {
                guard carries[index] else {
                    self.load(inputs[index], into: port, run: run)
                    continue
                }
                // A pass of one row in a fixed batch of several repeats it.
                var begin = 0
                while begin < slots {
                    self.load(inputs[index].rows(range), into: port, atRow: begin, of: slots, run: run)
                    begin += range.count
                }
            }
        }
    }

    /// The tensors in the model's order, types and ranks checked; extents are the plan's to check.
    private func check(_ inputs: [String: Tensor]) throws(SessionFault) -> [Tensor] {
        let graph = compiled.graph
        let names = graph.inputs.map { graph[$0].name }
        for name in inputs.keys.sorted() where !names.contains(name) { throw .unknownInput(name, known: names) }
        var ordered: [Tensor] = []
        for (index, id) in graph.inputs.enumerated() {
            guard let tensor = inputs[names[index]] else { throw .missingInput(names[index]) }
            let declared = graph[id].declared ?? TensorFact(tensor.elementType, nil)
            let free = compiled.rowInputs[index] && compiled.rowless == nil
            let fits = declared.dimensions.map { dimensions in
                dimensions.count == tensor.shape.rank
                    && zip(dimensions, tensor.shape.dimensions).enumerated().allSatisfy { axis, pair in
                        (axis == 0 && free) || pair.0.extent == nil || pair.0.extent == pair.1
                    }
            }
            guard tensor.elementType == declared.elementType, fits ?? true else {
                throw .mismatch(
                    input: names[index],
                    type: tensor.elementType,
                    shape: tensor.shape,
                    expected: declared
                )
            }
            ordered.append(tensor)
        }
        return ordered
    }

    /// The rows that the inputs hold; nil where the model has no rows.
    private func rowCount(_ inputs: [Tensor]) throws(SessionFault) -> Int? {
        guard compiled.rowless == nil else { return nil }
        var counts: [String: Int] = [:]
        for (index, id) in compiled.graph.inputs.enumerated() where compiled.rowInputs[index] {
            counts[compiled.graph[id].name] = inputs[index].rowCount
        }
        guard Set(counts.values).count <= 1 else { throw .rowCounts(counts) }
        return counts.values.first
    }
}
