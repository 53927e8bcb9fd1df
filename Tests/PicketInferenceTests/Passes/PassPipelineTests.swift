import PicketInference
import PicketSchemas
import PicketTensor
import Synchronization
import Testing

@Suite("The pass pipeline")
struct PassPipelineTests {
    /// A pass that proposes what a test gives it.
    struct Proposal: GraphPass {
        let name: String
        let propose: @Sendable (Graph) -> GraphPatch

        func patch(for analysed: AnalysedGraph) -> GraphPatch? { propose(analysed.graph) }
    }

    private static func patch(
        _ graph: Graph,
        _ edit: (inout GraphPatch) -> Void
    ) -> GraphPatch {
        var patch = GraphPatch(for: graph)
        edit(&patch)
        patch.note("broken on purpose")
        return patch
    }

    static let broken: [Proposal] = [
        Proposal(name: "removes a node whose result is read") { graph in patch(graph) { $0.remove(0) } },
        Proposal(name: "makes a value twice") { graph in
            patch(graph) { $0.replace(1, with: graph.nodes[0]) }
        },
        Proposal(name: "reads a value before it is made") { graph in
            patch(graph) { patch in
                var node = graph.nodes[0]
                node.inputs[0] = graph.nodes[2].outputs[0]
                patch.replace(0, with: node)
            }
        },
        Proposal(name: "changes a shape") { graph in
            patch(graph) { patch in
                let constant = patch.addConstant(
                    "wide",
                    ConstantTensor(Tensor(zeros: .float32, shape: Shape([5, 3, 4])))
                )
                patch.read(constant, insteadOf: graph.inputs[0])
            }
        },
        Proposal(name: "changes a type") { graph in
            patch(graph) { patch in
                patch.remove(2)
                patch.fix(graph.outputs[0], to: ConstantTensor(Tensor(zeros: .int64, shape: Shape([2, 4]))))
            }
        },
    ]

    private static func model() -> Onnx_ModelProto {
        ModelBuilder.model(
            ModelBuilder.graph(nodes: [
                ModelBuilder.node("Relu", ["x"], ["a"]), ModelBuilder.node("Tanh", ["a"], ["b"]),
                ModelBuilder.node("Sigmoid", ["b"], ["y"]),
            ])
        )
    }

    @Test("drops a patch that breaks the graph, says so once, and goes on", arguments: broken.indices)
    func drops(_ index: Int) throws {
        let steps = Mutex<[(String, Bool)]>([])
        let pipeline = PassPipeline(limits: ImportLimits(), passes: [Self.broken[index], DeadCodeElimination()]) {
            step in
            steps.withLock { $0.append((step.pass, (try? step.outcome.get()) != nil)) }
        }
        let graph = try Model(bytes: Self.model().bytes(), passes: pipeline).graph
        #expect(graph.nodes.map(\.operatorName) == ["Relu", "Tanh", "Sigmoid"])
        let seen = steps.withLock { $0 }
        #expect(seen.count == 1)
        #expect(seen.first?.0 == Self.broken[index].name)
        #expect(seen.first?.1 == false)
    }

    @Test("ends after its rounds with a pass that never does")
    func rounds() throws {
        let count = Mutex(0)
        let restless = Proposal(name: "restless") { graph in
            count.withLock { $0 += 1 }
            return Self.patch(graph) { $0.replace(0, with: graph.nodes[0]) }
        }
        var limits = ImportLimits()
        limits.passRounds = 5
        _ = try Model(bytes: Self.model().bytes(), passes: PassPipeline(limits: limits, passes: [restless]))
        #expect(count.withLock { $0 } == 5)
    }

    @Test("shows the graph before and after each patch")
    func trace() throws {
        let listings = Mutex<[String]>([])
        let pipeline = PassPipeline(limits: ImportLimits()) { step in
            listings.withLock { $0 += [step.before.listing, (try? step.outcome.get())?.listing ?? ""] }
        }
        let model = ModelBuilder.model(
            ModelBuilder.graph(nodes: [
                ModelBuilder.node("Relu", ["x"], ["a"], name: "r"),
                ModelBuilder.node("Identity", ["a"], ["y"], name: "i"),
            ])
        )
        _ = try Model(bytes: model.bytes(), passes: pipeline)
        #expect(
            listings.withLock { $0 } == [
                "inputs x\na = Relu(x)  # r\ny = Identity(a)  # i\noutputs y",
                "inputs x\ny = Relu(x)  # r\noutputs y",
            ]
        )
    }
    @Test("a residual that may broadcast is left to the Add")
    func broadcastResidual() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4), .symbol("a")])
        let z = builder.input("z", [.batch, .known(4), .symbol("b")])
        let own = try builder.node("Conv", [x, builder.weights(4, 4, 1)])
        let sum = try builder.node("Add", [own, z])
        let graph = try PassPipeline(limits: ImportLimits()).run(builder.finish([sum]))
        let session = Session(try CompiledGraph(graph, kernels: KernelTable.selected()))
        for extent in [5, 1] {
            let inputs = [
                "x": Tensor(zeros: .float32, shape: [1, 4, 5]), "z": Tensor(zeros: .float32, shape: [1, 4, extent]),
            ]
            #expect(try session.run(inputs).values.first?.shape == [1, 4, 5])
        }
    }
}
