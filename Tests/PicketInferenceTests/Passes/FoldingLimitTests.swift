import PicketInference
import PicketSchemas
import Testing

@Suite("Constant folding's limits")
struct FoldingLimitTests {
    @Test("a product of constants past the work allowed is left to the run")
    func work() throws {
        var weights = Samples.Weights()
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                initializers: [weights.tensor("a", [4, 64]), weights.tensor("b", [64, 4])],
                nodes: [
                    ModelBuilder.node("MatMul", ["a", "b"], ["w"]), ModelBuilder.node("MatMul", ["x", "w"], ["y"]),
                ]
            )
        )
        #expect(try PassTests.optimised(model).nodes.count == 1)
        var limits = ImportLimits()
        limits.foldedWork = 16 * 512 - 1
        #expect(try PassTests.optimised(model, limits: limits).nodes.count == 2)
    }

    @Test("many convolutions over one weight do not multiply it without bound")
    func sharedWeights() throws {
        var weights = Samples.Weights()
        let count = 40
        let line = ["scale", "b", "mean", "var"].map { weights.tensor($0, [4], positive: true) }
        var nodes: [Onnx_NodeProto] = []
        var last = "x"
        for index in 0..<count {
            nodes.append(
                ModelBuilder.node(
                    "Conv",
                    [last, "w"],
                    ["c\(index)"],
                    [ModelBuilder.ints("pads", [1, 1, 1, 1])]
                )
            )
            nodes.append(
                ModelBuilder.node("BatchNormalization", ["c\(index)", "scale", "b", "mean", "var"], ["n\(index)"])
            )
            last = "n\(index)"
        }
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["N", "4", "8", "8"])],
                outputs: [ModelBuilder.value(last, ["N", "4", "8", "8"])],
                initializers: line + [weights.tensor("w", [4, 4, 3, 3])],
                nodes: nodes
            )
        )
        #expect(try PassTests.optimised(model).nodes.count == count)
        var limits = ImportLimits()
        // Beside as much as the file has, scales and shifts of three convolutions.
        limits.foldedBytes = 3 * 32
        let graph = try PassTests.optimised(model, limits: limits)
        let normalizations = graph.nodes.filter { $0.operatorName == "BatchNormalization" }.count
        #expect(normalizations > 0 && normalizations < count)
        let folded = graph.constants.values.reduce(0) { $0 + $1.ownedBytes }
        #expect(folded <= limits.foldedBytes + 640)
    }
    @Test("a normalization of a constant over many of its channels is left to the run")
    func neighbours() throws {
        var weights = Samples.Weights()
        let size = ModelBuilder.int("size", 1 << 15)
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["N", "1", "1", "1"])],
                outputs: [ModelBuilder.value("y", nil)],
                initializers: [weights.tensor("w", [1, 1 << 15, 1, 1])],
                nodes: [
                    ModelBuilder.node("LRN", ["w"], ["n"], [size]), ModelBuilder.node("Add", ["x", "n"], ["y"]),
                ]
            )
        )
        #expect(try PassTests.optimised(model).nodes.count == 2)
    }
}
