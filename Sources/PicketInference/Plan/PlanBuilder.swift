import PicketTensor

/// Collects the steps of a plan, and what memory they touch when.
package struct PlanBuilder {
    /// Makes a step's body once every buffer has its place.
    typealias BodyMaker = (Resolver) throws(OperatorFault) -> Step.Body

    /// Gives the addresses of values to a step in the making.
    struct Resolver {
        fileprivate let builder: PlanBuilder
        fileprivate let offsets: [Int]

        func address(_ id: ValueID) throws(OperatorFault) -> Address {
            if let buffer = try builder.constantBuffer(id) { return .constant(buffer) }
            guard let buffer = builder.buffers[id] else {
                throw OperatorFault("value \(id) has no memory")
            }
            return .arena(offsets[buffer])
        }

        func address(_ temporary: Temporary) -> Address { .arena(offsets[temporary.buffer]) }
    }

    /// Arena memory of one step's own, shared by all threads that run it.
    struct Temporary {
        fileprivate let buffer: Int
    }

    /// Constants in plain layout; a class, since addresses are asked for while steps are made.
    private final class Constants {
        var buffers: [ValueID: AlignedBuffer] = [:]
    }

    private struct Pending {
        var node: String
        var operatorName: String
        var units: Int
        var cost: Double
        var make: BodyMaker
    }

    let kernels: KernelTable
    let weights: WeightStore
    private let specialisation: Specialisation
    /// The step after which a value is no longer read; grows with aliases.
    private let lastUse: [ValueID: Int]

    private var buffers: [ValueID: Int] = [:]
    private var requests: [MemoryPlanner.Request] = []
    private let constants = Constants()
    private var packed: [AlignedBuffer] = []
    private var pending: [Pending] = []
    private var scratchBytes = 0
    private var current: LoweredNode?
    private var currentIndex = 0

    init(_ specialisation: Specialisation, kernels: KernelTable, weights: WeightStore) {
        self.specialisation = specialisation
        self.kernels = kernels
        self.weights = weights
        var lastUse: [ValueID: Int] = [:]
        for (index, node) in specialisation.graph.nodes.enumerated() {
            for case let input? in node.inputs { lastUse[input] = index }
        }
        for output in specialisation.graph.outputs { lastUse[output] = specialisation.graph.nodes.count }
        self.lastUse = lastUse
    }
}

// What operators call.
extension PlanBuilder {
    /// Declares that a result is the operand's memory under another shape.
    mutating func alias(_ result: ValueID, of operand: ValueID) throws(OperatorFault) {
        if let constant = try constantBuffer(operand) {
            constants.buffers[result] = constant
            return
        }
        let buffer = try buffer(of: operand)
        buffers[result] = buffer
        extend(buffer, to: lastUse[result] ?? currentIndex)
    }

    /// Declares a result that is known beforehand.
    mutating func constant(_ value: ConstantTensor, for result: ValueID) throws(OperatorFault) {
        constants.buffers[result] = Self.copy(value)
    }

    /// Lets a result take over the memory of an operand that nothing reads later.
    ///
    /// Only for steps that read each element of the operand before they write the result's element in its place.
    /// - Returns: whether the memory is shared.
    @discardableResult
    mutating func reuse(_ operand: ValueID, for result: ValueID) throws(OperatorFault) -> Bool {
        guard try constantBuffer(operand) == nil, let fact = specialisation[operand], let own = specialisation[result],
            fact.elementType == own.elementType, fact.shape.elementCount == own.shape.elementCount
        else { return false }
        let buffer = try buffer(of: operand)
        guard requests[buffer].lastStep == currentIndex else { return false }
        buffers[result] = buffer
        extend(buffer, to: lastUse[result] ?? currentIndex)
        return true
    }

    /// Arena memory for the step that is about to be added.
    mutating func temporary(byteCount: Int) -> Temporary {
        requests.append(.init(byteCount: byteCount, firstStep: currentIndex, lastStep: currentIndex))
        return Temporary(buffer: requests.count - 1)
    }

    /// A constant brought into a kernel's layout, shared by all plans.
    ///
    /// - Parameters:
    ///   - layout: names everything that the bytes depend on besides the constant.
    ///   - byteCount: of the buffer that `make` returns.
    mutating func packed(
        _ id: ValueID,
        layout: String,
        byteCount: Int,
        make: () throws(OperatorFault) -> AlignedBuffer
    ) throws(OperatorFault) -> Address {
        let key = WeightStore.Key(value: id, layout: "\(kernels.level) \(layout)")
        let buffer = try weights.buffer(key, byteCount: byteCount, make: make)
        packed.append(buffer)
        return .constant(buffer)
    }

    /// Adds a step.
    ///
    /// - Parameters:
    ///   - units: independent parts of the work.
    ///   - cost: nanoseconds on one thread, roughly.
    ///   - scratch: bytes that each thread needs while it runs the step.
    mutating func add(
        units: Int = 1,
        cost: Double,
        scratch: Int = 0,
        make: @escaping BodyMaker
    ) throws(OperatorFault) {
        guard let current else { preconditionFailure("steps are added while a node is lowered") }
        scratchBytes = max(scratchBytes, scratch)
        pending.append(
            Pending(
                node: current.node.name,
                operatorName: current.node.operatorName,
                units: units,
                cost: cost,
                make: make
            )
        )
    }
}

// How a plan is made.
extension PlanBuilder {
    /// Lowers all nodes whose results are not known beforehand, and places the memory.
    mutating func build() throws(NodeFault) -> Plan {
        let graph = specialisation.graph
        for input in graph.inputs { newBuffer(for: input, at: -1) }
        for (index, node) in graph.nodes.enumerated() {
            let results = node.outputs.map { $0.flatMap { specialisation[$0] } }
            if results.allSatisfy({ $0 == nil || $0?.constant != nil }) { continue }
            do {
                try lower(node, at: index)
            } catch {
                throw node.fault(error)
            }
        }
        return try finish(graph)
    }

    private mutating func lower(_ node: Node, at index: Int) throws(OperatorFault) {
        currentIndex = index
        let lowered = LoweredNode(
            node: node,
            operands: specialisation.operands(of: node),
            results: node.outputs.compactMap { $0.flatMap { specialisation[$0]?.fact } }
        )
        current = lowered
        for case let input? in node.inputs where specialisation[input]?.constant == nil { _ = try buffer(of: input) }
        try node.operation.lower(lowered, into: &self)
        for case let output? in node.outputs where buffers[output] == nil && constants.buffers[output] == nil {
            newBuffer(for: output, at: index)
        }
        current = nil
    }

    private mutating func finish(_ graph: Graph) throws(NodeFault) -> Plan {
        let layout = MemoryPlanner.place(requests)
        let bytes = max(layout.byteCount, scratchBytes)
        guard bytes <= Plan.maximumArenaBytes else {
            throw NodeFault(
                node: "plan",
                operatorName: "memory",
                reason: "needs \(bytes) bytes at once, expected at most \(Plan.maximumArenaBytes)"
            )
        }
        var outputs: [Plan.Port] = []
        var steps: [Step] = []
        do {
            let resolver = Resolver(builder: self, offsets: layout.offsets)
            for output in graph.outputs { outputs.append(try port(output, resolver)) }
            let inputs = try graph.inputs.map { id throws(OperatorFault) in try port(id, resolver) }
            for step in pending {
                steps.append(
                    Step(
                        node: step.node,
                        operatorName: step.operatorName,
                        units: step.units,
                        cost: step.cost,
                        body: try step.make(resolver)
                    )
                )
            }
            return Plan(
                inputs: inputs,
                outputs: outputs,
                steps: steps,
                arenaBytes: layout.byteCount,
                scratchBytes: scratchBytes,
                constants: packed + Array(constants.buffers.values)
            )
        } catch {
            throw NodeFault(node: "plan", operatorName: "memory", reason: error.reason)
        }
    }

    private func port(_ id: ValueID, _ resolver: Resolver) throws(OperatorFault) -> Plan.Port {
        guard let fact = specialisation[id]?.fact else { throw OperatorFault("value \(id) has no shape") }
        return Plan.Port(name: specialisation.graph[id].name, fact: fact, address: try resolver.address(id))
    }

    /// A constant's memory, made when first asked for; nil where the value is not known beforehand.
    fileprivate func constantBuffer(_ id: ValueID) throws(OperatorFault) -> AlignedBuffer? {
        if let buffer = constants.buffers[id] { return buffer }
        guard let constant = specialisation[id]?.constant else { return nil }
        let make = { () throws(OperatorFault) -> AlignedBuffer in Self.copy(constant) }
        // What shape arithmetic made differs from plan to plan, so only the graph's own constants are shared.
        let shared = specialisation.graph.constants[id] != nil
        let buffer =
            shared
            ? try weights.buffer(.init(value: id, layout: "plain"), byteCount: constant.byteCount, make: make)
            : try make()
        constants.buffers[id] = buffer
        return buffer
    }

    private static func copy(_ constant: ConstantTensor) -> AlignedBuffer {
        let buffer = AlignedBuffer(byteCount: constant.byteCount)
        constant.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        return buffer
    }

    private func buffer(of id: ValueID) throws(OperatorFault) -> Int {
        guard let buffer = buffers[id] else { throw OperatorFault("value \(id) is read before it is made") }
        return buffer
    }

    private mutating func newBuffer(for id: ValueID, at step: Int) {
        guard let fact = specialisation[id]?.fact else { return }
        let bytes = fact.shape.elementCount * fact.elementType.byteCount
        requests.append(.init(byteCount: bytes, firstStep: step, lastStep: max(lastUse[id] ?? step, step)))
        buffers[id] = requests.count - 1
    }

    private mutating func extend(_ buffer: Int, to step: Int) {
        requests[buffer].lastStep = max(requests[buffer].lastStep, step)
    }
}
