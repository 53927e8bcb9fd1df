import PicketInference
import PicketTensor
import Testing

/// Windows of a few bytes in a file that reach over more than there is: nothing is worked out from them that overflows.
@Suite("Windows that reach too far")
struct HostileWindowTests {
    private static let far: Int64 = 1 << 24

    private func compiled(
        _ name: String,
        _ input: [Int],
        weights: [Int]? = nil,
        _ attributes: [String: AttributeValue]
    ) throws -> CompiledGraph {
        var builder = GraphBuilder()
        let x = builder.input("x", input.map(Dimension.known))
        let kernel = weights.map { builder.constant(Tensor(zeros: .float32, shape: Shape($0))) }
        let result = try builder.node(name, [x, kernel].filter { $0 != nil }, attributes: attributes)
        return try CompiledGraph(builder.finish([result]), kernels: KernelTable.selected())
    }

    private func ints(_ number: Int64, _ count: Int) -> AttributeValue {
        .ints([Int64](repeating: number, count: count))
    }

    @Test("a convolution whose padded picture has 2^66 elements is refused")
    func convolution() {
        // A band of the rows under one row of the result would take 2^64 floats.
        #expect(throws: NodeFault.self) {
            try compiled(
                "Conv",
                [1, 1 << 16, 1, 1],
                weights: [1 << 17, 1, 2, 2],
                [
                    "group": .int(1 << 16), "dilations": ints(Self.far - 1, 2), "pads": ints(Self.far, 4),
                    "strides": ints(Self.far, 2),
                ]
            )
        }
    }

    @Test("a pooling window of 2^72 cells is refused", arguments: ["LpPool", "MaxPool", "AveragePool"])
    func pooling(name: String) {
        #expect(throws: NodeFault.self) {
            try compiled(
                name,
                [1, 1, 1, 1, 1],
                ["kernel_shape": ints(Self.far, 3), "pads": ints(Self.far - 1, 6), "strides": ints(Self.far, 3)]
            )
        }
    }

    @Test("a pooling window of 2^38 cells over many channels takes too long", arguments: ["MaxPool", "AveragePool"])
    func long(name: String) throws {
        let input = [1, 1 << 25, 1, 1]
        let side: Int64 = 1 << 19
        let compiled = try compiled(
            name,
            input,
            ["kernel_shape": ints(side, 2), "pads": ints(side - 1, 4), "strides": ints(Self.far, 2)]
        )
        #expect(throws: NodeFault.self) { try compiled.plan(inputs: [Shape(input)]) }
    }

    @Test("MaxUnpool with fewer extents of its window than axes is refused, though its result's shape is given")
    func unpooling() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [1, 1, 2, 2].map(Dimension.known))
        let indices = builder.input("i", type: .int64, [1, 1, 2, 2].map(Dimension.known))
        let result = try builder.node(
            "MaxUnpool",
            [x, indices, builder.constant([1, 1, 5, 5])],
            attributes: ["kernel_shape": .ints([2])]
        )
        let graph = builder.finish([result])
        #expect(throws: NodeFault.self) { try CompiledGraph(graph, kernels: KernelTable.selected()) }
    }
}
