import PicketInference
import PicketTensor
import Testing

@Suite("Precision")
struct PrecisionTests {
    /// The kernels of this machine with products of bfloat16; none where it has none.
    static let bfloat16: [KernelTable] = [try? KernelTable.selected().multiplying(.bfloat16)].compactMap(\.self)

    /// Convolutions of every kind, planar, by groups, in Winograd's sizes and not, and products with and without constants.
    private func network() throws -> Graph {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(3), .known(20), .known(20)])
        let pads: [String: AttributeValue] = ["pads": .ints([1, 1, 1, 1])]
        var y = try builder.node("Conv", [x, builder.weights(24, 3, 3, 3), builder.weights(24)], attributes: pads)
        y = try builder.node("Relu", [y])
        var grouped = pads
        grouped["group"] = .int(24)
        y = try builder.node("Conv", [y, builder.weights(24, 1, 3, 3, seed: 2)], attributes: grouped)
        var strided = pads
        strided["strides"] = .ints([2, 2])
        y = try builder.node("Conv", [y, builder.weights(40, 24, 3, 3, seed: 3)], attributes: strided)
        let skip = y
        y = try builder.node("Conv", [y, builder.weights(40, 40, 3, 3, seed: 4)], attributes: pads)
        y = try builder.node("Conv", [y, builder.weights(40, 40, 1, 1, seed: 5)])
        y = try builder.node("Add", [y, skip])
        let mean = try builder.node("GlobalAveragePool", [y])
        let flat = try builder.node("Reshape", [mean, builder.constant([-1, 40])])
        let product = try builder.node("MatMul", [flat, builder.weights(40, 70, seed: 6)])
        let gemm = try builder.node(
            "Gemm",
            [product, builder.weights(33, 70, seed: 7), builder.weights(33)],
            attributes: ["transB": .int(1), "alpha": .float(0.5)]
        )
        return builder.finish([gemm])
    }

    private func rows(_ count: Int) -> Tensor {
        Tensor(randomFloats(count * 3 * 20 * 20, seed: 9), shape: Shape([count, 3, 20, 20]))
    }

    private func output(_ session: Session, _ x: Tensor) throws -> Tensor {
        try #require(session.run(["x": x]).values.first)
    }

    private func bits(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

    @Test("of float32 is what a model has unless another is asked for")
    func float32() throws {
        let (plain, named) = (try KernelTable.selected(), try KernelTable.selected().multiplying(.float32))
        #expect((plain.precision, named.precision) == (.float32, .float32))
        let x = rows(3)
        let first = try output(Session(CompiledGraph(network(), kernels: plain)), x)
        let second = try output(Session(CompiledGraph(network(), kernels: named)), x)
        #expect(bits(first) == bits(second))
    }

    @Test("of bfloat16 is refused, not replaced, where the kernels have none")
    func refused() throws {
        let portable = try KernelTable(named: "portable")
        let fault = #expect(throws: PrecisionFault.self) { try portable.multiplying(.bfloat16) }
        #expect(fault?.description == "precision bfloat16: the kernels of level portable have none; expected float32")
        guard Self.bfloat16.isEmpty else { return }
        let missing = #expect(throws: PrecisionFault.self) { try KernelTable.selected().multiplying(.bfloat16) }
        #expect(missing.map { !$0.reason.isEmpty } == true)
    }

    @Test("of bfloat16 changes the outputs, by little", arguments: bfloat16)
    func error(kernels: KernelTable) throws {
        let x = rows(7)
        let exact = try output(Session(CompiledGraph(network(), kernels: .selected())), x).elements(of: Float.self)
        let rounded = try output(Session(CompiledGraph(network(), kernels: kernels)), x).elements(of: Float.self)
        let largest = try #require(exact.map(abs).max())
        let difference = try #require(zip(exact, rounded).map { abs($0 - $1) }.max())
        // Each of six layers rounds two factors to 8 bits; errors of independent signs do not add up to their sum.
        #expect(difference > largest * 0x1p-13)
        #expect(difference < largest * 6 * 0x1p-7)
    }

    @Test("of bfloat16 gives a row the same bits whatever lies beside it", arguments: bfloat16, 1...2)
    func identical(kernels: KernelTable, threads: Int) throws {
        let session = Session(try CompiledGraph(network(), kernels: kernels), threads: threads)
        let x = rows(70)
        let alone = try (0..<70).map { try bits(output(session, x.rows($0..<$0 + 1))) }
        for count in [2, 3, 7, 8, 16, 33, 64, 70] {
            for begin in [0, 70 - count] {
                let together = try output(session, x.rows(begin..<begin + count))
                for row in 0..<count {
                    #expect(bits(together.rows(row..<row + 1)) == alone[begin + row], "\(count) rows, row \(row)")
                }
            }
        }
    }

    @Test("of bfloat16 keeps constant weights once, in half the memory", arguments: bfloat16)
    func memory(kernels: KernelTable) throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(512)])
        let hidden = try builder.node("MatMul", [x, builder.weights(512, 256)])
        let y = try builder.node("Gemm", [hidden, builder.weights(96, 256, seed: 2)], attributes: ["transB": .int(1)])
        let graph = builder.finish([y])
        let weights = 512 * 256 + 96 * 256
        for (kernels, bytes) in [(try KernelTable.selected(), 4), (kernels, 2)] {
            let compiled = try CompiledModel(graph, kernels: kernels)
            for rows in [1, 2, 40] { #expect(try compiled.memory(rows: rows).weightBytes == weights * bytes) }
        }
    }

    @Test("of bfloat16 leaves factors that are not known beforehand as they are", arguments: bfloat16)
    func variableFactors(kernels: KernelTable) throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(8), .known(24)])
        let turned = try builder.node("Transpose", [x], attributes: ["perm": .ints([0, 2, 1])])
        let y = try builder.node("MatMul", [x, turned])
        let graph = builder.finish([y])
        let tensor = Tensor(randomFloats(2 * 8 * 24, seed: 3), shape: Shape([2, 8, 24]))
        let exact = try output(Session(CompiledGraph(graph, kernels: .selected())), tensor)
        let same = try output(Session(CompiledGraph(graph, kernels: kernels)), tensor)
        #expect(bits(exact) == bits(same))
    }
}
