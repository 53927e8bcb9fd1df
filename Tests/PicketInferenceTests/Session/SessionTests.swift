import PicketInference
import PicketTensor
import Testing

@Suite("Sessions")
struct SessionTests {
    private func compiled(_ dimensions: [Dimension] = [.batch, .known(4)]) throws -> CompiledGraph {
        var builder = GraphBuilder()
        let x = builder.input("x", dimensions)
        let relu = try builder.node("Relu", [x])
        return try CompiledGraph(builder.finish([relu]), kernels: KernelTable.selected())
    }

    @Test("refuse inputs and outputs that the model does not have")
    func names() throws {
        let session = Session(try compiled())
        let x = Tensor(zeros: .float32, shape: Shape([2, 4]))
        #expect(throws: SessionFault.unknownInput("y", known: ["x"])) { try session.run(["x": x, "y": x]) }
        #expect(throws: SessionFault.missingInput("x")) { try session.run([:]) }
        #expect(throws: SessionFault.unknownOutput("z", known: ["node 0 result"])) {
            try session.run(["x": x], outputs: ["z"])
        }
    }

    @Test(
        "refuse other types and shapes",
        arguments: [
            (ElementType.float64, [2, 4]), (.float32, [2, 5]), (.float32, [4]), (.float32, [2, 4, 1]),
            (.uint8, [2, 4]),
        ] as [(ElementType, [Int])]
    )
    func mismatch(type: ElementType, shape: [Int]) throws {
        let session = Session(try compiled())
        let fault = #expect(throws: SessionFault.self) {
            try session.run(["x": Tensor(zeros: type, shape: Shape(shape))])
        }
        #expect(fault?.description.contains("expected float32 [batch, 4]") == true)
    }

    @Test("take extents that the model leaves open from the inputs")
    func open() throws {
        let compiled = try compiled([.batch, .known(3), .symbol("height"), .symbol("width")])
        let session = Session(compiled)
        for (height, width) in [(5, 7), (2, 2), (5, 7)] {
            let x = Tensor(randomFloats(2 * 3 * height * width, seed: 1), shape: Shape([2, 3, height, width]))
            let y = try #require(try session.run(["x": x]).values.first)
            #expect(y.shape == x.shape)
            #expect(y.elements(of: Float.self) == x.elements(of: Float.self).map { max($0, 0) })
        }
        let fault = #expect(throws: SessionFault.self) { try session.run(rows: 1) { _, _ in } }
        #expect(fault?.description.contains("extents open") == true)
    }

    @Test("pass on what the fill closure throws, and run again")
    func fillThrows() throws {
        struct Interruption: Error {}
        let session = Session(try compiled())
        #expect(throws: Interruption.self) { try session.run(rows: 3) { _, _ in throw Interruption() } }
        let outputs = try session.run(rows: 1) { _, row in
            let floats = row[0].assumingMemoryBound(to: Float.self)
            for index in floats.indices { floats[index] = Float(index) - 1 }
        }
        #expect(outputs[0].elements(of: Float.self) == [0, 0, 1, 2])
    }

    @Test("share one compiled model among threads")
    func shared() async throws {
        let compiled = try compiled()
        let results = await withTaskGroup(of: Bool.self) { group in
            for seed in 1...8 {
                group.addTask {
                    let session = Session(compiled)
                    let x = Tensor(randomFloats(40 * 4, seed: UInt64(seed)), shape: Shape([40, 4]))
                    return (1...40).allSatisfy { rows in
                        let y = try? session.run(["x": x.rows(0..<rows)]).values.first
                        return y?.elements(of: Float.self)
                            == x.rows(0..<rows).elements(of: Float.self).map { max($0, 0) }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [Bool](repeating: true, count: 8))
    }

    @Test("refuse a plan that needs more memory than any machine should give")
    func memory() throws {
        let compiled = try compiled([.batch, .known(1 << 33)])
        let fault = #expect(throws: NodeFault.self) { try compiled.plan(inputs: [Shape([1, 1 << 33])]) }
        #expect(fault?.reason.contains("bytes at once") == true)
    }

    @Test("an unknown ISA level is refused with what there is")
    func level() {
        let fault = #expect(throws: KernelFault.self) { try KernelTable(named: "mmx") }
        #expect(fault?.description.contains("PICKET_ISA is \"mmx\"") == true)
        #expect(fault?.available.contains("portable") == true)
        #expect(throws: KernelFault.self) { try KernelTable(named: "neon") }
    }

    @Test("every level runs", arguments: KernelTable.availableLevels)
    func levels(name: String) throws {
        #expect(try KernelTable(named: name).level == name)
    }
    @Test("pack anew what follows from the shapes of a run")
    func weightsOfShapes() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .symbol("n"), .known(4)])
        let extent = try builder.node("Gather", [builder.node("Shape", [x]), builder.constant([1])])
        let number = try builder.node("Cast", [extent], attributes: ["to": .int(1)])
        let ones = Tensor([Float](repeating: 1, count: 16), shape: [4, 4])
        let scaled = try builder.node("Mul", [builder.constant(ones), number])
        let product = try builder.node("MatMul", [x, scaled])
        let graph = builder.finish([product])
        let session = Session(try CompiledGraph(graph, kernels: KernelTable.selected()))
        for n in [2, 3, 5, 2] {
            let data = Tensor([Float](repeating: 1, count: n * 4), shape: [1, n, 4])
            let result = try #require(try session.run(["x": data]).values.first)
            #expect(result.elements(of: Float.self) == [Float](repeating: Float(4 * n), count: n * 4))
        }
    }
}
