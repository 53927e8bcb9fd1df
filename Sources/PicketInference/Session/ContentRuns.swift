import PicketTensor

/// What a session remembers of a model whose shapes hang on what its inputs hold: for contents seen before, the values
/// whose content decides, and sessions over the graph in which these are constants.
struct ContentRuns {
    /// Input shapes, and the contents of the deciding values in the order in which they were asked for.
    struct Key: Hashable {
        var shapes: [Shape]
        var contents: [[UInt8]] = []
    }

    /// What is known once a key's contents are.
    enum Stage {
        /// The content of one more value decides. It is an input, or what a session over the graph before it makes.
        case asks(ValueID, Part?)
        /// Nothing more decides.
        case runs(Part)
    }

    /// A session over the graph with some inputs become constants.
    struct Part {
        let session: Session
        /// The inputs that remain, by their places among the model's.
        let inputs: [Int]
    }

    /// Stages kept at once: contents change from request to request, and each keeps a compiled graph.
    static let maximumStages = 32

    /// Values that may decide one after another.
    static let maximumValues = 64

    /// Elements of one deciding value.
    static let maximumElements = 1 << 16

    private var stages: [Key: (stage: Stage, used: Int)] = [:]
    private var clock = 0

    mutating func stage(_ key: Key) -> Stage? {
        clock += 1
        stages[key]?.used = clock
        return stages[key]?.stage
    }

    mutating func keep(_ stage: Stage, for key: Key) {
        if stages.count >= Self.maximumStages, let oldest = stages.min(by: { $0.value.used < $1.value.used })?.key {
            stages[oldest] = nil
        }
        stages[key] = (stage, clock)
    }
}

extension Session {
    /// Runs whole tensors through a model whose shapes hang on what they hold: asks for the content of one value after
    /// another, until the shapes of all are known, then runs the plan for them.
    func runOpen(_ inputs: [Tensor], wanted: [Int]) throws -> [Tensor] {
        var key = ContentRuns.Key(shapes: inputs.map(\.shape))
        var known: [ValueID: ConstantTensor] = [:]
        while true {
            let stage = try contents.stage(key) ?? nextStage(key, known, inputs)
            switch stage {
            case .runs(let part):
                return try part.session.run(part.inputs.map { inputs[$0] }, wanted: wanted)
            case .asks(let value, let part):
                let tensor = try content(of: value, part, inputs)
                guard tensor.shape.elementCount <= ContentRuns.maximumElements, known.count < ContentRuns.maximumValues
                else {
                    throw SessionFault.node(fault(value, "decides shapes, and is too large or one of too many"))
                }
                known[value] = ConstantTensor(tensor)
                key.contents.append(tensor.withUnsafeBytes { Array($0) })
            }
        }
    }

    private func content(of value: ValueID, _ part: ContentRuns.Part?, _ inputs: [Tensor]) throws -> Tensor {
        if let position = compiled.graph.inputs.firstIndex(of: value) { return inputs[position] }
        guard let part, let tensor = try part.session.run(part.inputs.map { inputs[$0] }, wanted: [0]).first else {
            throw SessionFault.node(fault(value, "decides shapes, and nothing makes it"))
        }
        return tensor
    }

    /// The next value that decides, or the graph that runs.
    private func nextStage(
        _ key: ContentRuns.Key,
        _ known: [ValueID: ConstantTensor],
        _ inputs: [Tensor]
    ) throws -> ContentRuns.Stage {
        let graph = compiled.graph.fixing(known, shapes: key.shapes)
        let stage: ContentRuns.Stage
        do throws(NodeFault) {
            stage = .runs(try part(over: graph))
        } catch {
            guard let value = error.unknown, known[value] == nil else { throw SessionFault.node(error) }
            let isInput = graph.inputs.contains(value)
            do throws(NodeFault) {
                stage = .asks(value, isInput ? nil : try part(over: graph.part(making: value)))
            } catch {
                throw SessionFault.node(error)
            }
        }
        contents.keep(stage, for: key)
        return stage
    }

    private func part(over graph: Graph) throws(NodeFault) -> ContentRuns.Part {
        let compiledPart = try CompiledGraph(
            PassPipeline(limits: compiled.limits).run(graph),
            kernels: compiled.kernels,
            limits: compiled.limits
        )
        guard !compiledPart.isOpen else {
            // The analysis has the value that it lacks; say it again.
            _ = try BatchAnalysis(compiledPart.graph)
            throw NodeFault(node: "graph", operatorName: "content", reason: "shapes hang on what the inputs hold")
        }
        let places = compiledPart.graph.inputs.map { id in
            compiled.graph.inputs.firstIndex(of: id) ?? 0
        }
        return ContentRuns.Part(session: Session(compiledPart), inputs: places)
    }

    private func fault(_ value: ValueID, _ reason: String) -> NodeFault {
        NodeFault(node: compiled.graph[value].name, operatorName: "content", reason: reason)
    }
}

extension Graph {
    /// The graph with some values known, and its inputs of the shapes given.
    func fixing(_ known: [ValueID: ConstantTensor], shapes: [Shape]) -> Graph {
        var graph = self
        for (id, shape) in zip(inputs, shapes) {
            guard let type = self[id].declared?.elementType else { continue }
            graph[id].declared = TensorFact(type, shape.dimensions.map { .known($0) })
        }
        for (id, constant) in known { graph.constants[id] = constant }
        graph.inputs = inputs.filter { known[$0] == nil }
        graph.nodes = nodes.compactMap { node in
            var node = node
            node.outputs = node.outputs.map { $0.flatMap { known[$0] == nil ? $0 : nil } }
            return node.outputs.contains { $0 != nil } ? node : nil
        }
        return graph
    }

    /// What makes one value: the nodes that it follows from, and the value as the only output. All inputs stay.
    func part(making value: ValueID) -> Graph {
        var graph = self
        graph.outputs = [value]
        graph.layers = []
        var needed: Set<ValueID> = [value]
        graph.nodes = nodes.reversed().filter { node in
            guard node.outputs.contains(where: { $0.map(needed.contains) ?? false }) else { return false }
            needed.formUnion(node.inputs.compactMap { $0 })
            return true
        }.reversed()
        return graph
    }
}
