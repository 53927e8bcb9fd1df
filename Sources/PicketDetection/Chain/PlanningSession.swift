internal import CPicketABI
internal import PicketTensor

/// What one detector planned.
struct DetectorPlan: Sendable {
    /// Nodes of the chain's graph, in the order in which score gets them.
    var wants: [Int] = []
    var components: [String] = []
    /// Names of the facts, in the order in which report gives them.
    var facts: [String] = []
    /// Whether report gives the served answer.
    var answers = false

    /// Whether there is anything to report.
    var reports: Bool { !facts.isEmpty || answers }
}

/// The planner table that a detector sees, while it plans: its own node numbers on one side, the chain's graph on the
/// other. A detector can name no node that it did not make.
final class PlanningSession {
    private let detector: Int
    let plugin: Plugin
    /// The detector that gives the served answer, of those that planned before this one.
    let answering: String?
    private(set) var graph: ChainGraph
    var plan = DetectorPlan()

    /// The chain's node behind each of the detector's.
    private var nodes: [Int] = [ChainGraph.input]
    private var numbers: [Int: UInt32] = [ChainGraph.input: 0]

    init(detector: Int, plugin: Plugin, answering: String?, graph: ChainGraph) {
        self.detector = detector
        self.plugin = plugin
        self.answering = answering
        self.graph = graph
    }

    /// Lets a detector plan, and returns what it planned and the graph that then holds it.
    ///
    /// - Parameter answering: The detector of the chain that gives the served answer already.
    static func plan(
        _ detector: Detector,
        index: Int,
        answering: String? = nil,
        graph: ChainGraph
    ) throws(PluginFault) -> (DetectorPlan, ChainGraph) {
        let session = PlanningSession(detector: index, plugin: detector.plugin, answering: answering, graph: graph)
        var table = picket_planner(
            struct_size: UInt32(MemoryLayout<picket_planner>.size),
            // The session outlives the one call that may use the pointer.
            context: Unmanaged.passUnretained(session).toOpaque(),
            variant: { context, source, key, token, flags, rank, extents, node, error in
                PlanningSession.answer(context, node, error) { (session) throws(PlanningFault) in
                    try session.variant(source, key, token, flags, rank, extents)
                }
            },
            run: { context, source, model, node, error in
                PlanningSession.answer(context, node, error) { (session) throws(PlanningFault) in
                    try session.run(source, model)
                }
            },
            tensor: { context, run, name, node, error in
                PlanningSession.answer(context, node, error) { (session) throws(PlanningFault) in
                    try session.tensor(run, name)
                }
            },
            want: { context, node, index, error in
                PlanningSession.answer(context, index, error) { (session) throws(PlanningFault) in
                    try session.want(node)
                }
            },
            component: { context, name, index, error in
                PlanningSession.answer(context, index, error) { (session) throws(PlanningFault) in
                    try session.component(name)
                }
            },
            fact: { context, name, index, error in
                PlanningSession.answer(context, index, error) { (session) throws(PlanningFault) in
                    try session.fact(name)
                }
            },
            answers: { context, error in
                var unused: UInt32 = 0
                return PlanningSession.answer(context, &unused, error) { (session) throws(PlanningFault) in
                    try session.answers()
                    return 0
                }
            }
        )
        try withExtendedLifetime(session) { () throws(PluginFault) in try detector.plan(&table) }
        guard !session.plan.components.isEmpty else {
            throw .refused(detector: detector.name, call: "plan", message: "the plugin declared no component")
        }
        return (session.plan, session.graph)
    }

    private static func answer(
        _ context: UnsafeMutableRawPointer?,
        _ out: UnsafeMutablePointer<UInt32>?,
        _ reason: UnsafeMutablePointer<picket_error>?,
        _ body: (PlanningSession) throws(PlanningFault) -> UInt32
    ) -> picket_status {
        guard let context, let out else {
            reason?.pointee.write("the planner was called with a null context or result")
            return PICKET_INVALID
        }
        do {
            out.pointee = try body(Unmanaged<PlanningSession>.fromOpaque(context).takeUnretainedValue())
            return PICKET_OK
        } catch {
            reason?.pointee.write(error.message)
            return PICKET_INVALID
        }
    }
}

extension PlanningSession {
    private func variant(
        _ source: picket_node,
        _ key: picket_string,
        _ token: UInt64,
        _ flags: UInt32,
        _ rank: UInt32,
        _ extents: UnsafePointer<Int64>?
    ) throws(PlanningFault) -> UInt32 {
        guard let key = ForeignText.name(key, limit: PlanLimits.keyByteCount) else {
            throw PlanningFault(
                message: "variant key \(ForeignText.repaired(key).quoted): expected 1 to \(PlanLimits.keyByteCount) "
                    + "printable ASCII characters"
            )
        }
        if key.contains("/"), !key.hasPrefix(plugin.name + "/") {
            throw PlanningFault(
                message: "variant key \(key.quoted): the part before the slash is not \(plugin.name.quoted)"
            )
        }
        guard flags & ~PICKET_VARIANT_DRAWN == 0 else {
            throw PlanningFault(message: "variant \(key.quoted): flags \(flags) are unknown to this host")
        }
        let node = try graph.variant(
            of: try place(source, "variant \(key.quoted)"),
            key: key,
            detector: detector,
            token: token,
            isDrawn: flags & PICKET_VARIANT_DRAWN != 0,
            shape: try shape(rank, extents, "variant \(key.quoted)")
        )
        return try number(of: node)
    }

    private func shape(
        _ rank: UInt32,
        _ extents: UnsafePointer<Int64>?,
        _ what: String
    ) throws(PlanningFault) -> Shape? {
        if rank == 0 { return nil }
        guard let extents, rank <= Shape.maximumRank else {
            throw PlanningFault(message: "\(what): \(rank) axes, expected at most \(Shape.maximumRank), with extents")
        }
        do {
            return try Shape(validating: (0..<Int(rank)).map { Int(extents[$0]) })
        } catch {
            throw PlanningFault(message: "\(what): \(error)")
        }
    }

    private func run(_ source: picket_node, _ model: picket_string) throws(PlanningFault) -> UInt32 {
        let name = ForeignText.repaired(model)
        return try number(of: try graph.run(on: try place(source, "run"), model: name))
    }

    private func tensor(_ run: picket_node, _ name: picket_string) throws(PlanningFault) -> UInt32 {
        let name = ForeignText.repaired(name)
        return try number(of: try graph.tensor(of: try place(run, "tensor \(name.quoted)"), name: name))
    }

    private func want(_ number: picket_node) throws(PlanningFault) -> UInt32 {
        let node = try place(number, "want")
        switch graph.nodes[node].kind {
        case .input: throw PlanningFault(message: "want: the input is always part of the evidence")
        case .run: throw PlanningFault(message: "want: node \(number) is a run, expected one of its tensors")
        case .variant, .tensor: break
        }
        guard plan.wants.count < PlanLimits.wantsPerDetector else {
            throw PlanningFault(message: "want: more than \(PlanLimits.wantsPerDetector) wants of a detector")
        }
        plan.wants.append(node)
        return UInt32(plan.wants.count - 1)
    }

    private func component(_ name: picket_string) throws(PlanningFault) -> UInt32 {
        guard let text = ForeignText.name(name, limit: PlanLimits.componentNameByteCount),
            text.utf8.allSatisfy(Self.isOfComponentName)
        else {
            throw PlanningFault(
                message: "component \(ForeignText.repaired(name).quoted): expected 1 to "
                    + "\(PlanLimits.componentNameByteCount) lower-case letters, digits, '-', '.' or ':'"
            )
        }
        guard !plan.components.contains(text) else {
            throw PlanningFault(message: "component \(text.quoted) is declared twice")
        }
        guard plan.components.count < PlanLimits.componentsPerDetector else {
            throw PlanningFault(message: "more than \(PlanLimits.componentsPerDetector) components of a detector")
        }
        plan.components.append(text)
        return UInt32(plan.components.count - 1)
    }

    private static func isOfComponentName(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// The chain's node behind a number that the detector gives.
    private func place(_ number: picket_node, _ what: String) throws(PlanningFault) -> Int {
        guard number < UInt32(nodes.count) else {
            throw PlanningFault(message: "\(what): node \(number) does not exist, there are \(nodes.count)")
        }
        return nodes[Int(number)]
    }

    /// The detector's number for a node of the chain.
    private func number(of node: Int) throws(PlanningFault) -> UInt32 {
        if let known = numbers[node] { return known }
        guard nodes.count < PlanLimits.nodesPerDetector else {
            throw PlanningFault(message: "more than \(PlanLimits.nodesPerDetector) nodes of a detector")
        }
        let number = UInt32(nodes.count)
        nodes.append(node)
        numbers[node] = number
        return number
    }
}
