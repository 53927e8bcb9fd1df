import PicketInference
import PicketTensor
import Testing

/// A node on [batch, 4, 6, 6] float32 and known operands, and whether rows of the batch stay apart in it.
struct RowCase: Sendable, CustomTestStringConvertible {
    var operatorName: String
    var known: [[Int64]?]
    var attributes: [String: AttributeValue]
    var keepsRows: Bool
    var opset: Int
    var weights: [Int]?

    init(
        _ operatorName: String,
        _ known: [[Int64]?] = [],
        _ attributes: [String: AttributeValue] = [:],
        keepsRows: Bool,
        opset: Int = 18,
        weights: [Int]? = nil
    ) {
        self.operatorName = operatorName
        self.known = known
        self.attributes = attributes
        self.keepsRows = keepsRows
        self.opset = opset
        self.weights = weights
    }

    var testDescription: String { "\(operatorName) \(known.map { $0 ?? [] }) \(keepsRows)" }

    static let all: [RowCase] = [
        RowCase("Slice", [[1], [3], [1]], keepsRows: true),
        RowCase("Slice", [[0], [.max], [0]], keepsRows: true),
        RowCase("Slice", [[0], [1], [0]], keepsRows: false),
        RowCase("Slice", [[-1], [.min], [0], [-1]], keepsRows: false),
        RowCase("Gather", [[2, 0]], ["axis": .int(1)], keepsRows: true),
        RowCase("Gather", [[0]], ["axis": .int(0)], keepsRows: false),
        RowCase("Pad", [[0, 0, 1, 1, 0, 0, 1, 1]], ["mode": .string("reflect")], keepsRows: true),
        RowCase("Pad", [[1, 0, 0, 0, 0, 0, 0, 0]], keepsRows: false),
        RowCase("Tile", [[1, 2, 1, 3]], keepsRows: true),
        RowCase("Tile", [[2, 1, 1, 1]], keepsRows: false),
        RowCase("Expand", [[4, 6, 6]], keepsRows: true),
        RowCase("Expand", [[1, 1, 4, 6, 6]], keepsRows: false),
        RowCase("DepthToSpace", [], ["blocksize": .int(2)], keepsRows: true),
        RowCase("SpaceToDepth", [], ["blocksize": .int(2)], keepsRows: true),
        RowCase("Resize", [nil, nil, [6, 12]], ["axes": .ints([2, 3])], keepsRows: true),
        RowCase("TopK", [[2]], ["axis": .int(1)], keepsRows: true),
        RowCase("TopK", [[1]], ["axis": .int(0)], keepsRows: false),
        RowCase("Trilu", [], keepsRows: true, opset: 14),
        RowCase("Transpose", [], ["perm": .ints([0, 3, 1, 2])], keepsRows: true),
        RowCase("Transpose", [], ["perm": .ints([1, 0, 2, 3])], keepsRows: false),
        RowCase("LpPool", [], ["kernel_shape": .ints([2, 2])], keepsRows: true),
        RowCase("ConvTranspose", [], keepsRows: true, weights: [4, 3, 2, 2]),
        RowCase("Einsum", [], ["equation": .string("bchw,co->bohw")], keepsRows: true, weights: [4, 5]),
        RowCase("Einsum", [], ["equation": .string("bchw,co->ohw")], keepsRows: false, weights: [4, 5]),
        RowCase("Einsum", [], ["equation": .string("bchw->bhwc")], keepsRows: true),
        RowCase("CenterCropPad", [[4, 8]], ["axes": .ints([2, 3])], keepsRows: true),
        RowCase("MaxPool", [], ["kernel_shape": .ints([2, 2])], keepsRows: true),
    ]
}

@Suite("Rows and the operators that move data")
struct OperatorRowTests {
    @Test("stay apart where they can, and are run one by one where not", arguments: RowCase.all)
    func rows(_ item: RowCase) throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4), .known(6), .known(6)])
        var operands: [ValueID?] = [x]
        for known in item.known { operands.append(known.map { builder.constant($0) }) }
        if let weights = item.weights {
            let numbers = randomFloats(weights.reduce(1, *), seed: 3)
            operands.append(builder.constant(Tensor(numbers, shape: Shape(weights))))
        }
        let y = try builder.node(item.operatorName, operands, attributes: item.attributes, opset: item.opset)
        let compiled = try CompiledGraph(builder.finish([y]), kernels: KernelTable.selected())
        #expect((compiled.batchMode == .dynamic) == item.keepsRows, "\(compiled.batchMode)")
        guard item.keepsRows else { return }
        let session = Session(compiled, threads: 2)
        let tensor = Tensor(randomFloats(5 * 4 * 36, seed: 8), shape: Shape([5, 4, 6, 6]))
        let together = try #require(try session.run(["x": tensor]).values.first)
        for row in 0..<5 {
            let alone = try #require(try session.run(["x": tensor.rows(row..<row + 1)]).values.first)
            let (left, right) = (
                alone.withUnsafeBytes { Array($0) }, together.rows(row..<row + 1).withUnsafeBytes { Array($0) }
            )
            #expect(left == right)
        }
    }

    @Test("keep a token that was expanded to the batch")
    func expandedToken() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4), .known(8)])
        let shape = try builder.node("Shape", [x])
        let batch = try builder.node("Gather", [shape, builder.constant([0])])
        let target = try builder.node("Concat", [batch, builder.constant([1, 8])], attributes: ["axis": .int(0)])
        let token = try builder.node("Expand", [builder.weights(1, 1, 8), target])
        let joined = try builder.node("Concat", [token, x], attributes: ["axis": .int(1)])
        let compiled = try CompiledGraph(builder.finish([joined]), kernels: KernelTable.selected())
        #expect(compiled.batchMode == .dynamic)
        let input = Tensor(randomFloats(3 * 32, seed: 5), shape: Shape([3, 4, 8]))
        let output = try #require(try Session(compiled, threads: 1).run(["x": input]).values.first)
        #expect(output.shape == Shape([3, 5, 8]))
        let rows = output.elements(of: Float.self)
        #expect((0..<3).allSatisfy { Array(rows[$0 * 40..<$0 * 40 + 8]) == randomFloats(8, seed: 1) })
    }
}
