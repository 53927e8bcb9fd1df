import CPicketABI

/// What a detector planned, recorded through the C planner: the least a host must keep.
final class PlannedGraph {
    enum Node: Hashable {
        case input
        case variant(source: Int, key: String, token: UInt64, drawn: Bool)
        case run(source: Int, model: String)
        case tensor(run: Int, name: String)
    }

    var nodes: [Node] = [.input]
    var wanted: [Int] = []
    var components: [String] = []
    var facts: [String] = []
    var isAnswering = false
    /// Models besides the served one.
    let members: [String]

    init(members: [String]) {
        self.members = members
    }

    /// Calls `body` with a planner that records here.
    func withPlanner<Value>(_ body: (UnsafePointer<picket_planner>) -> Value) -> Value {
        var planner = picket_planner()
        planner.struct_size = UInt32(MemoryLayout<picket_planner>.size)
        planner.context = Unmanaged.passUnretained(self).toOpaque()
        planner.variant = { context, source, key, token, flags, rank, _, node, error in
            PlannedGraph.add(
                .variant(
                    source: Int(source),
                    key: text(key),
                    token: token,
                    drawn: flags & UInt32(PICKET_VARIANT_DRAWN) != 0
                ),
                to: context,
                node,
                error,
                valid: { Int(source) < $0.nodes.count && rank == 0 }
            )
        }
        planner.run = { context, source, model, node, error in
            PlannedGraph.add(
                .run(source: Int(source), model: text(model)),
                to: context,
                node,
                error,
                valid: { Int(source) < $0.nodes.count && (text(model).isEmpty || $0.members.contains(text(model))) }
            )
        }
        planner.tensor = { context, run, name, node, error in
            PlannedGraph.add(
                .tensor(run: Int(run), name: text(name)),
                to: context,
                node,
                error,
                valid: {
                    guard Int(run) < $0.nodes.count, case .run = $0.nodes[Int(run)] else { return false }
                    return [PICKET_PROBABILITIES, PICKET_LOG_PROBABILITIES].contains(text(name))
                }
            )
        }
        planner.want = { context, node, index, _ in
            let graph = PlannedGraph.from(context)
            index?.pointee = UInt32(graph.wanted.count)
            graph.wanted.append(Int(node))
            return PICKET_OK
        }
        planner.component = { context, name, index, _ in
            let graph = PlannedGraph.from(context)
            index?.pointee = UInt32(graph.components.count)
            graph.components.append(text(name))
            return PICKET_OK
        }
        planner.fact = { context, name, index, _ in
            let graph = PlannedGraph.from(context)
            index?.pointee = UInt32(graph.facts.count)
            graph.facts.append(text(name))
            return PICKET_OK
        }
        planner.answers = { context, _ in
            PlannedGraph.from(context).isAnswering = true
            return PICKET_OK
        }
        return withUnsafePointer(to: planner, body)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> PlannedGraph {
        guard let context else { preconditionFailure("the planner's context came back as NULL") }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    private static func add(
        _ node: Node,
        to context: UnsafeMutableRawPointer?,
        _ number: UnsafeMutablePointer<picket_node>?,
        _ error: UnsafeMutablePointer<picket_error>?,
        valid: (PlannedGraph) -> Bool
    ) -> picket_status {
        let graph = from(context)
        guard valid(graph) else {
            write("no such thing: \(node)", to: error)
            return PICKET_INVALID
        }
        number?.pointee = picket_node(graph.nodes.count)
        graph.nodes.append(node)
        return PICKET_OK
    }
}

func text(_ string: picket_string) -> String {
    String(decoding: UnsafeRawBufferPointer(start: string.bytes, count: string.length), as: UTF8.self)
}

func write(_ message: String, to error: UnsafeMutablePointer<picket_error>?) {
    guard let error else { return }
    let room = UnsafeMutableRawBufferPointer(start: error, count: Int(PICKET_ERROR_CAPACITY))
    room.initializeMemory(as: UInt8.self, repeating: 0)
    room.copyBytes(from: message.utf8.prefix(room.count - 1))
}
