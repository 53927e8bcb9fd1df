import PicketInference
import PicketSchemas
import PicketTensor
import Testing

@Suite("Graphs inside nodes")
struct ControlTests {
    private static func bool(_ value: Bool) throws -> Tensor {
        try [UInt8(value ? 1 : 0)].withUnsafeBytes { try Tensor(.bool, shape: [], copying: $0) }
    }

    @Test(
        "If runs the branch that the condition says, with what it reads of the graph around",
        arguments: [true, false]
    )
    func choice(_ taken: Bool) throws {
        let model = ControlModels.choice(
            [ModelBuilder.node("Relu", ["x"], ["h"]), ModelBuilder.node("Add", ["h", "n"], ["t"])],
            [ModelBuilder.node("Mul", ["x", "n"], ["e"])]
        )
        let session = try ControlModels.session(model)
        let numbers = randomFloats(12, seed: 4)
        let x = Tensor(numbers, shape: [3, 4])
        // Twice, so that what a run leaves in memory is seen.
        for _ in 0..<2 {
            let y = try #require(try session.run(["x": x, "c": Self.bool(taken)])["y"])
            let expected = numbers.map { taken ? max($0, 0) - $0 : -($0 * $0) }
            #expect(y.elements(of: Float.self) == expected)
        }
    }

    @Test("If whose branches make different shapes is planned once the condition is there")
    func shapes() throws {
        let flat = ModelBuilder.node("Flatten", ["x"], ["t"], [ModelBuilder.int("axis", 0)])
        let session = try ControlModels.session(
            ControlModels.choice([flat], [ModelBuilder.node("Identity", ["n"], ["e"])])
        )
        let x = Tensor(randomFloats(12, seed: 4), shape: [3, 4])
        for (taken, shape) in [(true, Shape([1, 12])), (false, [3, 4]), (true, [1, 12])] {
            #expect(try session.run(["x": x, "c": Self.bool(taken)])["y"]?.shape == shape)
        }
    }

    @Test(
        "Loop carries, collects, and makes as many trips as it is told",
        arguments: [0, 1, 3] as [Int64],
        [true, false]
    )
    func loop(trips: Int64, collects: Bool) throws {
        let x = Tensor(randomFloats(6, seed: 2), shape: [2, 3])
        var state = x.elements(of: Float.self)
        var all: [Float] = []
        for _ in 0..<trips {
            state = zip(state, x.elements(of: Float.self)).map { $0 + $0 + $1 }
            all += state
        }
        for isKnown in [true, false] {
            let model = ControlModels.doubling(collects: collects, trips: isKnown ? [trips] : nil)
            let session = try ControlModels.session(model)
            let inputs = isKnown ? ["x": x] : ["x": x, "m": Tensor([trips], shape: [])]
            let outputs = try session.run(inputs)
            #expect(outputs["y"]?.elements(of: Float.self) == state)
            if collects {
                #expect(outputs["all"]?.shape == [Int(trips), 2, 3])
                #expect(outputs["all"]?.elements(of: Float.self) == all)
            }
        }
    }

    @Test("Loop ends where its condition says, or is a fault after its bound of trips")
    func ending() throws {
        let x = Tensor([Float](repeating: 1, count: 6), shape: [2, 3])
        let session = try ControlModels.session(ControlModels.doubling(collects: false, bound: 100))
        let y = try session.run(["x": x, "m": Tensor([Int64.max], shape: [])])["y"]
        // 3, 7, 15, 31, 63, 127
        #expect(y?.elements(of: Float.self) == [Float](repeating: 127, count: 6))
        let zero = Tensor(zeros: .float32, shape: [2, 3])
        let fault = #expect(throws: SessionFault.self) {
            try session.run(["x": zero, "m": Tensor([Int64.max], shape: [])])
        }
        #expect(fault?.description.contains("65536 trips") == true)
    }

    @Test("functions take attributes, hand operands on, and keep their names apart")
    func functions() throws {
        var slope = Onnx_AttributeProto()
        slope.name = "alpha"
        slope.refAttrName = "alpha"
        slope.type = .float
        let outer = ControlModels.function(
            "Outer",
            ["a"],
            ["b"],
            [
                ModelBuilder.node("Inner", ["a"], ["t"], domain: "own"),
                ModelBuilder.node("Inner", ["t"], ["u"], domain: "own", [ModelBuilder.float("alpha", 0.5)]),
                ModelBuilder.node("Pair", ["u"], ["b", ""], domain: "own"),
            ]
        )
        var inner = ControlModels.function(
            "Inner",
            ["a"],
            ["b"],
            [ModelBuilder.node("LeakyRelu", ["a"], ["b"], [slope])]
        )
        inner.attributeProto = [ModelBuilder.float("alpha", 0.25)]
        let pair = ControlModels.function("Pair", ["a"], ["a", "b"], [ModelBuilder.node("Neg", ["a"], ["b"])])
        let session = try ControlModels.session(ControlModels.calling(outer, inner, pair))
        let y = try session.run(["x": Tensor([-8, 8, 0, 1] as [Float], shape: [1, 4])])["y"]
        #expect(y?.elements(of: Float.self) == [-1, 8, 0, 1])
    }
}
