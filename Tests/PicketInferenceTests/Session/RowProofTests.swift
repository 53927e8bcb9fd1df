import PicketInference
import PicketTensor
import Testing

/// A graph over rows, with the number of rows at hand.
private struct Rows {
    var builder = GraphBuilder()
    let x: ValueID
    /// One int64: how many rows there are.
    let count: ValueID

    init(_ extents: Int...) throws {
        x = builder.input("x", [.batch] + extents.map { .known($0) })
        let shape = try builder.node("Shape", [x])
        count = try builder.node("Gather", [shape, builder.constant([0])])
    }

    /// The number of rows and then other numbers.
    mutating func shape(_ rest: Int64...) throws -> ValueID {
        try builder.node("Concat", [count, builder.constant(rest)], attributes: ["axis": .int(0)])
    }

    func compiled(_ output: ValueID) throws -> CompiledGraph {
        try CompiledGraph(builder.finish([output]), kernels: KernelTable.selected())
    }

    /// The same bits for a row whatever the batch.
    func expectRowsApart(_ output: ValueID, count: Int = 7) throws {
        let compiled = try compiled(output)
        #expect(compiled.batchMode == .dynamic)
        let session = Session(compiled)
        let extents = try #require(compiled.inputShapes(rows: count)?.first)
        let data = Tensor(randomFloats(extents.elementCount, seed: 5), shape: extents)
        let whole = try #require(try session.run(["x": data]).values.first)
        for row in 0..<count {
            let alone = try #require(try session.run(["x": data.rows(row..<row + 1)]).values.first)
            #expect(alone.elements(of: Float.self) == whole.rows(row..<row + 1).elements(of: Float.self))
        }
    }
}

private func expectRowByRow(_ compiled: CompiledGraph, _ part: String) {
    guard case .rowByRow(let reason) = compiled.batchMode else {
        Issue.record("runs as \(compiled.batchMode)")
        return
    }
    #expect(reason.contains(part))
}

@Suite("Rows and their number")
struct RowProofTests {
    @Test("a token that is spread over the batch leaves rows apart", arguments: [192, 4])
    func token(width: Int) throws {
        // As exporters write it: the shape to expand to, with 1 for what stays.
        var rows = try Rows(16, width)
        let wanted = try rows.shape(1, 1)
        let token = try rows.builder.node("Expand", [rows.builder.weights(1, 1, width), wanted])
        let joined = try rows.builder.node("Concat", [token, rows.x], attributes: ["axis": .int(1)])
        try rows.expectRowsApart(joined)
    }

    @Test("so does one that is tiled, and zeros made for each row")
    func tiled() throws {
        var rows = try Rows(16, 192)
        let repeats = try rows.shape(1, 1)
        let token = try rows.builder.node("Tile", [rows.builder.weights(1, 1, 192), repeats])
        let extents = try rows.shape(1, 192)
        let zeros = try rows.builder.node("ConstantOfShape", [extents])
        let joined = try rows.builder.node("Concat", [token, zeros, rows.x], attributes: ["axis": .int(1)])
        try rows.expectRowsApart(joined)
    }

    @Test("their number in the extents of a reshape or a resize leaves them apart")
    func extents() throws {
        var rows = try Rows(3, 4, 4)
        let sizes = try rows.shape(3, 8, 8)
        let large = try rows.builder.node("Resize", [rows.x, nil, nil, sizes])
        let flat = try rows.shape(-1)
        let result = try rows.builder.node("Reshape", [large, flat])
        try rows.expectRowsApart(result)
    }

    @Test("a row that is multiplied by their number runs alone")
    func counted() throws {
        var rows = try Rows(4)
        let number = try rows.builder.node("Cast", [rows.count], attributes: ["to": .int(1)])
        let scaled = try rows.builder.node("Mul", [rows.x, number])
        expectRowByRow(try rows.compiled(scaled), "operand 1 follows from how many there are")
    }

    @Test("so does one that is added to something large which follows from their number")
    func countedLarge() throws {
        var rows = try Rows(5000)
        let number = try rows.builder.node("Cast", [rows.count], attributes: ["to": .int(1)])
        // Too large to be known before a run.
        let large = try rows.builder.node("Mul", [rows.builder.weights(5000), number])
        let sum = try rows.builder.node("Add", [rows.x, large])
        expectRowByRow(try rows.compiled(sum), "operand 1 follows from how many there are")
    }

    @Test("so does one that is cut where their number says")
    func cut() throws {
        var rows = try Rows(128)
        let end = try rows.builder.node("Add", [rows.count, rows.builder.constant([5])])
        let cut = try rows.builder.node("Slice", [rows.x, rows.count, end, rows.builder.constant([1])])
        expectRowByRow(try rows.compiled(cut), "follows from how many there are")
    }

    @Test("a reshape that keeps rows apart at some numbers of them by chance is none that does")
    func chance() throws {
        // 384 divides into 1, 2, 3 and 64 rows, and not into 5.
        var rows = try Rows(384)
        let turned = try rows.builder.node("Reshape", [rows.x, rows.builder.constant([384, -1])])
        let soft = try rows.builder.node("Softmax", [turned])
        let back = try rows.builder.node("Reshape", [soft, rows.builder.constant([-1, 384])])
        expectRowByRow(try rows.compiled(back), "one makes what shape their number says")
    }
}
