import PicketInference
import PicketSchemas
import PicketTensor
import Testing

@Suite("Graphs inside nodes that are not valid, or ask for too much")
struct HostileControlTests {
    private func refuse(_ model: Onnx_ModelProto, says words: String...) throws {
        do {
            _ = try CompiledModel(Model(bytes: model.bytes()))
            Issue.record("compiled")
        } catch {
            for part in words { #expect("\(error)".contains(part), "\(error)") }
        }
    }

    @Test("trips beyond any bound are refused where they are known")
    func trips() throws {
        try refuse(ControlModels.doubling(collects: false, trips: [1 << 62]), says: "Loop", "expected at most 65536")
        try refuse(ControlModels.doubling(collects: true, trips: [1 << 62]), says: "Loop", "expected at most 65536")
    }

    @Test("a function that calls itself, or one that calls it, is refused")
    func recursion() throws {
        let call = { (name: String) in ModelBuilder.node(name, ["a"], ["b"], domain: "own") }
        try refuse(
            ControlModels.calling(ControlModels.function("Self", ["a"], ["b"], [call("Self")])),
            says: "Self",
            "calls itself"
        )
        try refuse(
            ControlModels.calling(
                ControlModels.function("Ping", ["a"], ["b"], [call("Pong")]),
                ControlModels.function("Pong", ["a"], ["b"], [call("Ping")])
            ),
            says: "calls itself"
        )
    }

    @Test("functions that double the nodes in every call are refused before they fill the memory")
    func doubling() throws {
        let functions = (0..<15).map { level in
            let next = level < 14 ? "f\(level + 1)" : "Relu"
            let domain = level < 14 ? "own" : ""
            return ControlModels.function(
                "f\(level)",
                ["a"],
                ["b"],
                (0..<8).map {
                    ModelBuilder.node(next, [$0 == 0 ? "a" : "t\($0 - 1)"], [$0 == 7 ? "b" : "t\($0)"], domain: domain)
                }
            )
        }
        var model = ControlModels.calling(functions[0])
        model.functions = functions
        try refuse(model, says: "expand to more than")
    }

    @Test("calls deeper than the bound are refused")
    func depth() throws {
        let functions = (0..<20).map { level in
            let next = level < 19 ? "f\(level + 1)" : "Relu"
            return ControlModels.function(
                "f\(level)",
                ["a"],
                ["b"],
                [ModelBuilder.node(next, ["a"], ["b"], domain: level < 19 ? "own" : "")]
            )
        }
        var model = ControlModels.calling(functions[0])
        model.functions = functions
        try refuse(model, says: "call in 16 calls")
    }

    @Test("a branch that reads what nothing makes, or that a later node makes of it, is refused")
    func names() throws {
        let relu = ModelBuilder.node("Relu", ["x"], ["t"])
        try refuse(
            ControlModels.choice([relu], [ModelBuilder.node("Relu", ["ghost"], ["e"])]),
            says: "If",
            "reads \"ghost\""
        )
        try refuse(ControlModels.choice([relu], [ModelBuilder.node("Relu", ["y"], ["e"])]), says: "cycle")
        try refuse(ControlModels.choice([relu], []), says: "If", "\"e\"")
    }

    @Test("loops without end inside one another, to be computed before a run, end with an error")
    func nested() throws {
        // What is carried grows, so that no plan can be made; every trip of the outer loop runs the inner one.
        func loop(_ level: Int) -> Onnx_NodeProto {
            var nodes = [
                ModelBuilder.node("Concat", ["s\(level)", "s\(level)"], ["n\(level)"], [ModelBuilder.int("axis", 0)])
            ]
            if level > 1 {
                nodes.append(loop(level - 1))
            }
            nodes.append(ModelBuilder.node("Slice", ["n\(level)", "zero", "trip\(level)"], ["c\(level)"]))
            nodes.append(ModelBuilder.node("Identity", ["go\(level)"], ["goes\(level)"]))
            let body = ControlModels.graph(
                "body",
                "body",
                inputs: [
                    ModelBuilder.value("trip\(level)", ["1"], type: 7), ModelBuilder.value("go\(level)", [], type: 9),
                    ModelBuilder.value("s\(level)", nil),
                ],
                nodes: nodes,
                outputs: ["goes\(level)", "c\(level)"]
            )
            return ModelBuilder.node("Loop", ["", "", "one"], ["l\(level)"], [body])
        }
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                outputs: [ModelBuilder.value("l3", nil)],
                initializers: [
                    ModelBuilder.tensor("one", [1], [Float(1)]), ModelBuilder.tensor("zero", [1], [Int64(0)]),
                ],
                nodes: [loop(3)]
            )
        )
        try refuse(model, says: "Loop")
    }

    @Test("loops inside one another that nobody ends stop at what a run may take, whatever their trips are")
    func endless() throws {
        func loop(_ level: Int) -> Onnx_NodeProto {
            let next =
                level == 1 ? ModelBuilder.node("Neg", ["s1"], ["n1"]) : loop(level - 1)
            let body = ControlModels.graph(
                "body",
                "body",
                inputs: [
                    ModelBuilder.value("trip\(level)", [], type: 7), ModelBuilder.value("go\(level)", [], type: 9),
                    ModelBuilder.value("s\(level)", ["2"]),
                ],
                nodes: [next, ModelBuilder.node("Identity", ["go\(level)"], ["goes\(level)"])],
                outputs: ["goes\(level)", "n\(level)"]
            )
            let name = level == 3 ? "y" : "n\(level + 1)"
            return ModelBuilder.node("Loop", ["m", "", level == 3 ? "x" : "s\(level + 1)"], [name], [body])
        }
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["2"]), ModelBuilder.value("m", [], type: 7)],
                outputs: [ModelBuilder.value("y", nil)],
                nodes: [loop(3)]
            )
        )
        var limits = ImportLimits()
        limits.passSeconds = 0.05
        let session = Session(try CompiledModel(Model(bytes: model.bytes(), limits: limits)))
        let run = { (trips: Int64) in
            try session.run(["x": Tensor([Float(1), 2], shape: [2]), "m": Tensor([trips], shape: [])])["y"]
        }
        #expect(try run(3)?.elements(of: Float.self) == [-1, -2])
        do {
            _ = try run(.max)
            Issue.record("ended")
        } catch {
            #expect("\(error)".contains("still runs after"), "\(error)")
        }
    }

    @Test("more loops than the bound are refused")
    func many() throws {
        var model = ControlModels.doubling(collects: false, trips: [1])
        let loop = model.graph.node[0]
        model.graph.node = (0..<40).map { index in
            var copy = loop
            copy.output = [index == 39 ? "y" : "y\(index)"]
            return copy
        }
        try refuse(model, says: "more than 32 loops")
    }

    @Test("a sequence inside is refused by name")
    func sequences() throws {
        var model = ControlModels.doubling(collects: false)
        model.graph.node[0].attribute[0].g.input[2].type.value = .sequenceType(.init())
        try refuse(model, says: "Loop", "input \"s\"", "no dense tensor")
    }
}
