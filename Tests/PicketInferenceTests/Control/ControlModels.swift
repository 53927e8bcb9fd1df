import PicketInference
import PicketSchemas
import PicketTensor

/// Models with graphs inside for tests.
enum ControlModels {
    static func graph(
        _ name: String,
        _ attribute: String,
        inputs: [Onnx_ValueInfoProto] = [],
        nodes: [Onnx_NodeProto],
        outputs: [String],
        initializers: [Onnx_TensorProto] = []
    ) -> Onnx_AttributeProto {
        var result = Onnx_AttributeProto()
        result.name = attribute
        result.type = .graph
        result.g = ModelBuilder.graph(
            inputs: inputs,
            outputs: outputs.map { ModelBuilder.value($0, nil) },
            initializers: initializers,
            nodes: nodes
        )
        result.g.name = name
        return result
    }

    static func session(_ model: Onnx_ModelProto) throws -> Session {
        Session(try CompiledModel(Model(bytes: model.bytes())))
    }

    /// x [N, 4] through `first` or `second`, as c says.
    static func choice(_ first: [Onnx_NodeProto], _ second: [Onnx_NodeProto]) -> Onnx_ModelProto {
        ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["3", "4"]), ModelBuilder.value("c", [], type: 9)],
                outputs: [ModelBuilder.value("y", nil)],
                nodes: [
                    ModelBuilder.node("Neg", ["x"], ["n"]),
                    ModelBuilder.node(
                        "If",
                        ["c"],
                        ["y"],
                        [
                            graph("then", "then_branch", nodes: first, outputs: ["t"]),
                            graph("else", "else_branch", nodes: second, outputs: ["e"]),
                        ]
                    ),
                ]
            )
        )
    }

    /// state = state · 2 + x, `trips` times while state stays below `bound`; every state collected where wanted.
    static func doubling(collects: Bool, bound: Float? = nil, trips: [Int64]? = nil) -> Onnx_ModelProto {
        var nodes = [
            ModelBuilder.node("Add", ["s", "s"], ["d"]), ModelBuilder.node("Add", ["d", "x"], ["next"]),
            ModelBuilder.node("Identity", ["next"], ["copy"]),
        ]
        if bound == nil {
            nodes.append(ModelBuilder.node("Identity", ["go"], ["goes"]))
        } else {
            nodes.append(ModelBuilder.node("ReduceMax", ["next"], ["most"], [ModelBuilder.int("keepdims", 0)]))
            nodes.append(ModelBuilder.node("Less", ["most", "bound"], ["goes"]))
        }
        let body = graph(
            "body",
            "body",
            inputs: [
                ModelBuilder.value("trip", [], type: 7), ModelBuilder.value("go", [], type: 9),
                ModelBuilder.value("s", ["2", "3"]),
            ],
            nodes: nodes,
            outputs: ["goes", "next"] + (collects ? ["copy"] : []),
            initializers: bound.map { [ModelBuilder.tensor("bound", [], [$0])] } ?? []
        )
        let loop = ModelBuilder.node("Loop", ["m", "", "x"], ["y"] + (collects ? ["all"] : []), [body])
        let outputs = ["y"] + (collects ? ["all"] : [])
        return ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["2", "3"])]
                    + (trips == nil ? [ModelBuilder.value("m", [], type: 7)] : []),
                outputs: outputs.map { ModelBuilder.value($0, nil) },
                initializers: trips.map { [ModelBuilder.tensor("m", [], $0)] } ?? [],
                nodes: [loop]
            )
        )
    }

    static func function(
        _ name: String,
        _ inputs: [String],
        _ outputs: [String],
        _ nodes: [Onnx_NodeProto]
    ) -> Onnx_FunctionProto {
        var function = Onnx_FunctionProto()
        function.name = name
        function.domain = "own"
        function.input = inputs
        function.output = outputs
        function.node = nodes
        return function
    }

    /// x [N, 4] through a call of the first function.
    static func calling(_ functions: Onnx_FunctionProto...) -> Onnx_ModelProto {
        var model = ModelBuilder.model(
            ModelBuilder.graph(nodes: [ModelBuilder.node(functions[0].name, ["x"], ["y"], name: "call", domain: "own")])
        )
        var domain = Onnx_OperatorSetIdProto()
        domain.domain = "own"
        domain.version = 1
        model.opsetImport.append(domain)
        model.functions = functions
        return model
    }
}
