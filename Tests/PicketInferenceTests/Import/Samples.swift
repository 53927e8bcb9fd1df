import PicketSchemas

/// Whole small models for tests.
enum Samples {
    /// A convolutional classifier of [N, 2, 8, 8] into 3 classes: Conv, BatchNormalization, Relu, MaxPool, a residual
    /// block, Flatten, Gemm.
    static func cnn() throws -> Onnx_ModelProto {
        var weights = Weights()
        let initializers = [
            weights.tensor("c1.w", [4, 2, 3, 3]), weights.tensor("c1.b", [4]),
            weights.tensor("n1.scale", [4]), weights.tensor("n1.bias", [4]), weights.tensor("n1.mean", [4]),
            weights.tensor("n1.var", [4], positive: true),
            weights.tensor("c2.w", [4, 4, 3, 3]), weights.tensor("c2.b", [4]),
            weights.tensor("f.w", [3, 64]), weights.tensor("f.b", [3]),
        ]
        let pads = ModelBuilder.ints("pads", [1, 1, 1, 1])
        let nodes = [
            ModelBuilder.node("Conv", ["x", "c1.w", "c1.b"], ["c1"], name: "conv1", [pads]),
            ModelBuilder.node(
                "BatchNormalization",
                ["c1", "n1.scale", "n1.bias", "n1.mean", "n1.var"],
                ["n1"],
                name: "norm1",
                [ModelBuilder.float("epsilon", 1e-5)]
            ),
            ModelBuilder.node("Relu", ["n1"], ["r1"], name: "relu1"),
            ModelBuilder.node(
                "MaxPool",
                ["r1"],
                ["p1"],
                name: "pool1",
                [ModelBuilder.ints("kernel_shape", [2, 2]), ModelBuilder.ints("strides", [2, 2])]
            ),
            ModelBuilder.node("Conv", ["p1", "c2.w", "c2.b"], ["c2"], name: "conv2", [pads]),
            ModelBuilder.node("Add", ["c2", "p1"], ["a2"], name: "add2"),
            ModelBuilder.node("Relu", ["a2"], ["r2"], name: "relu2"),
            ModelBuilder.node("Dropout", ["r2"], ["d2"], name: "drop2"),
            ModelBuilder.node("Flatten", ["d2"], ["flat"], name: "flatten", [ModelBuilder.int("axis", 1)]),
            ModelBuilder.node(
                "Gemm",
                ["flat", "f.w", "f.b"],
                ["logits"],
                name: "dense",
                [ModelBuilder.int("transB", 1)]
            ),
        ]
        let graph = ModelBuilder.graph(
            inputs: [ModelBuilder.value("x", ["N", "2", "8", "8"])],
            outputs: [ModelBuilder.value("logits", ["N", "3"])],
            initializers: initializers,
            nodes: nodes
        )
        return ModelBuilder.model(graph)
    }

    /// Numbers from a seeded generator (SplitMix64), so that every run tests the same model.
    struct Weights {
        private var random: SplitMix64 = SplitMix64(seed: 7)

        mutating func tensor(_ name: String, _ dims: [Int64], positive: Bool = false) -> Onnx_TensorProto {
            let count = Int(dims.reduce(1, *))
            let values = (0..<count).map { _ in positive ? random.unit() + 0.1 : random.unit() - 0.5 }
            return ModelBuilder.tensor(name, dims, values)
        }
    }
}

/// Steele, Lea and Flood's SplitMix64.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number in [0, 1).
    mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }
}
