import CPicketABI

/// What a detector planned, recorded through the C planner, with the shapes that a host keeps.
final class BenchGraph {
    enum Kind: Hashable {
        case input
        case variant(source: Int, key: String, token: UInt64)
        case run(source: Int, model: String)
        case tensor(run: Int, name: String)
    }

    struct Node: Hashable {
        let kind: Kind
        /// Empty for a run.
        let extents: [Int]
    }

    private(set) var nodes: [Node]
    private(set) var wanted: [Int] = []
    private(set) var components: [String] = []
    private let models: [String: ModelStand]

    init(models: [String: ModelStand], extents: [Int]) {
        self.models = models
        nodes = [Node(kind: .input, extents: extents)]
    }

    /// The keys of all variants.
    var keys: [String] {
        nodes.compactMap { if case .variant(_, let key, _) = $0.kind { key } else { nil } }
    }

    /// Calls `body` with a planner that records here.
    func withPlanner<Value>(_ body: (UnsafePointer<picket_planner>) -> Value) -> Value {
        var planner = picket_planner()
        planner.struct_size = UInt32(MemoryLayout<picket_planner>.size)
        planner.context = Unmanaged.passUnretained(self).toOpaque()
        planner.variant = { context, source, key, token, _, rank, extents, node, error in
            let own = UnsafeBufferPointer(start: extents, count: Int(rank)).map { Int($0) }
            return BenchGraph.add(context, node, error) { graph in
                guard let from = graph.element(source), !from.extents.isEmpty else { return nil }
                let kind = Kind.variant(source: Int(source), key: text(key), token: token)
                return Node(kind: kind, extents: own.isEmpty ? from.extents : own)
            }
        }
        planner.run = { context, source, model, node, error in
            BenchGraph.add(context, node, error) { graph in
                let name = text(model).isEmpty ? "served" : text(model)
                guard let stand = graph.models[name], graph.element(source)?.extents == stand.extents else {
                    return nil
                }
                return Node(kind: .run(source: Int(source), model: name), extents: [])
            }
        }
        planner.tensor = { context, run, name, node, error in
            BenchGraph.add(context, node, error) { graph in
                guard case .run(_, let model) = graph.element(run)?.kind, let stand = graph.models[model] else {
                    return nil
                }
                let kind = Kind.tensor(run: Int(run), name: text(name))
                if let layer = stand.layers.first(where: { $0.name == text(name) }) {
                    return Node(kind: kind, extents: layer.extents)
                }
                let isAnswer = [PICKET_PROBABILITIES, PICKET_LOG_PROBABILITIES].contains(text(name))
                return isAnswer && stand.classCount > 0 ? Node(kind: kind, extents: [stand.classCount]) : nil
            }
        }
        planner.want = { context, node, index, _ in
            let graph = BenchGraph.from(context)
            index?.pointee = UInt32(graph.wanted.count)
            graph.wanted.append(Int(node))
            return PICKET_OK
        }
        planner.component = { context, name, index, _ in
            let graph = BenchGraph.from(context)
            index?.pointee = UInt32(graph.components.count)
            graph.components.append(text(name))
            return PICKET_OK
        }
        return withUnsafePointer(to: planner, body)
    }

    private func element(_ number: picket_node) -> Node? {
        Int(number) < nodes.count ? nodes[Int(number)] : nil
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> BenchGraph {
        guard let context else { preconditionFailure("the planner's context came back as NULL") }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    private static func add(
        _ context: UnsafeMutableRawPointer?,
        _ number: UnsafeMutablePointer<picket_node>?,
        _ error: UnsafeMutablePointer<picket_error>?,
        _ node: (BenchGraph) -> Node?
    ) -> picket_status {
        let graph = from(context)
        guard let node = node(graph) else {
            write("the host has no such thing", to: error)
            return PICKET_INVALID
        }
        number?.pointee = picket_node(graph.nodes.count)
        graph.nodes.append(node)
        return PICKET_OK
    }
}
