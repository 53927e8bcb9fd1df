public import PicketTensor

/// Where one row of a batch is to be written: memory of each input, in the model's order.
public struct InputRow {
    fileprivate let plan: Plan
    fileprivate let arena: UnsafeMutableRawPointer
    fileprivate let position: Int
    fileprivate let rows: Int

    /// The row's memory in an input, of the input's row shape and type, 4-byte aligned or better, with undefined content.
    /// Valid until the fill closure returns.
    ///
    /// - Precondition: `input` is a position in the model's list of inputs.
    public subscript(input: Int) -> UnsafeMutableRawBufferPointer {
        let port = plan.inputs[input]
        let bytes = port.byteCount / rows
        // The port lies inside the arena, and the row inside the port: `position` < `rows`.
        let space = ExecutionSpace(arena: arena, scratch: arena)
        return UnsafeMutableRawBufferPointer(start: port.address.mutable(space) + position * bytes, count: bytes)
    }
}

extension Session {
    /// Runs rows that the caller writes straight into the memory of the pass.
    ///
    /// More rows than ``CompiledModel/maximumBatch`` run in several passes. A row's results are the same bits whatever
    /// rows lie beside it.
    ///
    /// - Parameters:
    ///   - rows: how many.
    ///   - outputs: the names of the outputs wanted; nil for all, in the model's order.
    ///   - fill: writes row `index` into the memory given; called once for each row, in order, on the calling thread.
    /// - Returns: a tensor for each wanted output, its outermost extent the rows.
    /// - Throws: ``SessionFault``, or what `fill` throws.
    public func run(
        rows: Int,
        outputs: [String]? = nil,
        fill: (_ index: Int, _ row: InputRow) throws -> Void
    ) throws -> [Tensor] {
        try run(rows: rows, outputs: outputs, layers: [], fill: fill) { _, _, _ in }
    }

    /// Runs rows, and hands out layers as soon as they are there.
    ///
    /// - Parameters:
    ///   - layers: names that the model was compiled to keep, without duplicates.
    ///   - take: gets row `index` of the layer at place `layer` of `layers`, valid until it returns; called once for each row
    ///     and layer, on the calling thread, after all rows of its pass were filled.
    /// - Throws: ``SessionFault``, or what `fill` throws.
    public func run(
        rows: Int,
        outputs: [String]? = nil,
        layers: [String],
        fill: (_ index: Int, _ row: InputRow) throws -> Void,
        take: (_ index: Int, _ layer: Int, _ elements: UnsafeBufferPointer<Float>) -> Void
    ) throws -> [Tensor] {
        precondition(rows >= 0, "a number of rows is not negative")
        guard compiled.inputShapes(rows: 1) != nil else {
            throw SessionFault.noRows("its inputs leave extents open besides the batch")
        }
        if let reason = compiled.rowless { throw SessionFault.noRows(reason) }
        let wanted = try positions(of: outputs)
        let places = try places(ofLayers: layers)
        let shapes = { self.compiled.inputShapes(rows: $0) ?? [] }
        func load(_ plan: Plan, _ run: Int, _ range: Range<Int>, _ slots: Int) throws {
            for (position, index) in range.enumerated() {
                let row = InputRow(plan: plan, arena: self.ownSpaces[run].arena, position: position, rows: slots)
                try fill(index, row)
                if range.count < slots { self.repeatFirstRow(plan, slots) }
            }
        }
        return try runPasses(
            rows: rows,
            wanted: wanted,
            shapes: shapes,
            load: load,
            isTapped: !places.isEmpty
        ) { tap, range in
            guard let layer = places[tap.port.name] else { return }
            self.handOut(tap.port, rows: range.count) { row, elements in
                take(range.lowerBound + row, layer, elements)
            }
        }
    }

    /// The places of layers by name.
    private func places(ofLayers names: [String]) throws(SessionFault) -> [String: Int] {
        let kept = Set(compiled.graph.layers.map { compiled.graph[$0].name })
        for name in names where !kept.contains(name) || compiled.isRowByRow { throw .unknownLayer(name) }
        return Dictionary(zip(names, names.indices)) { first, _ in first }
    }

    /// Sound because the port lies inside the arena, is float32 (as every layer is) and holds `rows` rows of equal size; the
    /// next step, which may write over it, waits for `body`.
    private func handOut(_ port: Plan.Port, rows: Int, _ body: (Int, UnsafeBufferPointer<Float>) -> Void) {
        precondition(port.fact.shape.dimensions.first == rows, "a layer carries the rows of its pass")
        let count = port.fact.shape.elementCount / rows
        let base = port.address.floats(spaces[0])
        for row in 0..<rows { body(row, UnsafeBufferPointer(start: base + row * count, count: count)) }
    }

    /// Runs rows as the batch is cut for this session's threads.
    ///
    /// - Parameters:
    ///   - load: writes a range of rows into the first slots of the plan's inputs, in the memory of a run.
    ///   - isTapped: whether anybody wants to see layers.
    ///   - tapping: sees every layer of a run over a range of rows.
    func runPasses(
        rows: Int,
        wanted: [Int],
        shapes: (Int) -> [Shape],
        load: (Plan, _ run: Int, Range<Int>, _ slots: Int) throws -> Void,
        isTapped: Bool = false,
        tapping: (Plan.Tap, Range<Int>) -> Void = { _, _ in }
    ) throws -> [Tensor] {
        var results: [Tensor] = []
        var begin = 0
        repeat {
            let (count, runs) = try next(rows - begin, shapes, isTapped: isTapped)
            let slots = compiled.isRowByRow ? compiled.fixedRows : max(count, 1)
            let plan = try self.plan(shapes(slots), runs: runs)
            if begin == 0 { results = try newResults(plan, rows: rows, slots: slots, wanted) }
            for run in 0..<runs where count > 0 {
                let first = begin + run * count
                try load(plan, run, first..<first + count, slots)
            }
            if count > 0 {
                try executeWrapped(plan, runs: runs, taps: isTapped ? plan.taps : []) {
                    tapping($0, begin..<begin + count)
                }
            }
            for (position, index) in wanted.enumerated() {
                let port = plan.outputs[index]
                let row = port.byteCount / slots
                for run in 0..<runs {
                    let place = row * (begin + run * count)
                    copy(port, bytes: row * count, into: &results[position], at: place, run: run)
                }
            }
            begin += count * runs
        } while begin < rows
        return results
    }

    /// Of the rows that are left: so many a run, and runs at once.
    private func next(
        _ left: Int,
        _ shapes: (Int) -> [Shape],
        isTapped: Bool
    ) throws(SessionFault) -> (rows: Int, runs: Int) {
        if compiled.isRowByRow || left <= 1 { return (min(left, 1), 1) }
        if let cut { return cut.next(left, threads: threads, isTapped: isTapped) }
        let found = compiled.cut(try plan(shapes(1)), threads: threads)
        cut = compiled.inputShapes(rows: 1) == nil ? nil : found
        return found.next(left, threads: threads, isTapped: isTapped)
    }

    /// Room for the outputs of all rows.
    private func newResults(_ plan: Plan, rows: Int, slots: Int, _ wanted: [Int]) throws(SessionFault) -> [Tensor] {
        try checkRows(plan, slots, wanted)
        return wanted.map { index in
            let fact = plan.outputs[index].fact
            return Tensor(zeros: fact.elementType, shape: fact.shape.withRows(rows))
        }
    }

    private func checkRows(_ plan: Plan, _ rows: Int, _ wanted: [Int]) throws(SessionFault) {
        for index in wanted where plan.outputs[index].fact.shape.dimensions.first != rows {
            throw .noRows(
                "output \"\(plan.outputs[index].name)\" of \(plan.outputs[index].fact.shape) holds no \(rows) rows"
            )
        }
    }

    /// A model that mixes the rows of its fixed batch sees the same row in all of them.
    private func repeatFirstRow(_ plan: Plan, _ slots: Int) {
        for index in plan.inputs.indices {
            let first = InputRow(plan: plan, arena: spaces[0].arena, position: 0, rows: slots)[index]
            for position in 1..<slots {
                let row = InputRow(plan: plan, arena: spaces[0].arena, position: position, rows: slots)
                row[index].copyMemory(from: UnsafeRawBufferPointer(first))
            }
        }
    }
}
