import PicketTensor

/// Runs a compiled model, in memory of its own: one thread at a time.
///
/// After the first pass of a batch size its steps allocate nothing; what a run allocates are the tensors that it hands
/// out and the lists around them.
public final class Session {
    let compiled: CompiledGraph
    private let threads: Int
    private let pool: ThreadPool?
    private var arena = AlignedBuffer(byteCount: 0)
    private var scratch: [AlignedBuffer] = []
    /// Rows of one pass at most, once known; stays unknown where it depends on the inputs' shapes.
    var passRows: Int?
    private(set) var spaces: [ExecutionSpace] = []
    /// For a model whose shapes hang on what its inputs hold.
    var contents = ContentRuns()
    /// The plans of the last passes: a pass like one of them asks the model for nothing, and takes no lock.
    private var recent: [(shapes: [Shape], plan: Plan)] = []
    private static let recentPlans = 4

    /// - Parameter threads: that share out the work of a pass, the caller's among them.
    package init(_ compiled: CompiledGraph, threads: Int = 1) {
        precondition(threads >= 1, "a session runs on one thread at least")
        self.compiled = compiled
        self.threads = threads
        self.pool = threads > 1 ? ThreadPool(threads: threads) : nil
        prepare(arenaBytes: 0, scratchBytes: 0)
    }

    /// Grows the memory to what a plan needs; it never shrinks.
    func prepare(_ plan: Plan) {
        let scratchBytes = scratch.first?.bytes.count ?? 0
        guard plan.arenaBytes > arena.bytes.count || plan.scratchBytes > scratchBytes else { return }
        prepare(arenaBytes: plan.arenaBytes, scratchBytes: max(plan.scratchBytes, scratchBytes))
    }

    private func prepare(arenaBytes: Int, scratchBytes: Int) {
        if arenaBytes > arena.bytes.count { arena = AlignedBuffer(byteCount: arenaBytes) }
        scratch = (0..<threads).map { _ in AlignedBuffer(byteCount: scratchBytes) }
        spaces = scratch.map { ExecutionSpace(arena: arena.base, scratch: $0.base) }
    }

    /// Runs all steps of a plan on what its inputs hold in the arena.
    ///
    /// - Parameters:
    ///   - taps: those of the plan, or none.
    ///   - tapping: is called for each of them while the memory holds it.
    func execute(
        _ plan: Plan,
        taps: [Plan.Tap] = [],
        tapping: (Plan.Tap) -> Void = { _ in }
    ) throws(NodeFault) {
        var taps = taps[...]
        try plan.steps.withUnsafeBufferPointer { (steps) throws(NodeFault) in
            for index in steps.indices {
                while let tap = taps.first, tap.step <= index {
                    try show(tap, tapping)
                    taps.removeFirst()
                }
                try run(steps[index])
            }
        }
        for tap in taps { try show(tap, tapping) }
    }

    private func show(_ tap: Plan.Tap, _ tapping: (Plan.Tap) -> Void) throws(NodeFault) {
        if let turn = tap.turn { try run(turn) }
        tapping(tap)
    }

    private func run(_ step: Step) throws(NodeFault) {
        do throws(OperatorFault) {
            if let pool, step.units > 1, step.cost > Cost.worthSharing {
                try spaces.withUnsafeBufferPointer { (spaces) throws(OperatorFault) in
                    guard let spaces = spaces.baseAddress else { return }
                    try pool.run(step, spaces: spaces)
                }
            } else {
                try step.body(spaces[0], 0..<step.units)
            }
        } catch {
            throw NodeFault(node: step.node, operatorName: step.operatorName, reason: error.reason)
        }
    }

    /// The steps of the last pass, to run again on what it left; for tests of what a pass costs.
    package func lastPass() throws(SessionFault) -> () throws -> Void {
        guard let plan = recent.last?.plan else { throw .noRows("nothing has run") }
        return { try self.executeWrapped(plan) }
    }

    /// How often the model was asked for a plan, which takes a lock.
    package var planLookups: Int { compiled.planLookups }

    var arenaBase: UnsafeMutableRawPointer { arena.base }

    /// The plan for input shapes, with memory for it.
    func plan(_ shapes: [Shape]) throws(SessionFault) -> Plan {
        for (known, plan) in recent where known == shapes { return plan }
        do throws(NodeFault) {
            let plan = try compiled.plan(inputs: shapes)
            prepare(plan)
            if recent.count == Self.recentPlans { recent.removeFirst() }
            recent.append((shapes, plan))
            return plan
        } catch {
            throw .node(error)
        }
    }

    func executeWrapped(
        _ plan: Plan,
        taps: [Plan.Tap] = [],
        tapping: (Plan.Tap) -> Void = { _ in }
    ) throws(SessionFault) {
        do throws(NodeFault) { try execute(plan, taps: taps, tapping: tapping) } catch { throw .node(error) }
    }

    /// The positions of outputs by name; all where no names are given.
    func positions(of names: [String]?) throws(SessionFault) -> [Int] {
        let known = compiled.graph.outputs.map { compiled.graph[$0].name }
        guard let names else { return Array(known.indices) }
        var positions: [Int] = []
        for name in names {
            guard let position = known.firstIndex(of: name) else { throw .unknownOutput(name, known: known) }
            positions.append(position)
        }
        return positions
    }

    /// Copies a tensor into an input, from one of its rows on.
    func load(_ tensor: Tensor, into port: Plan.Port, atRow row: Int = 0, of rows: Int = 1) {
        let offset = port.byteCount / rows * row
        // The plan was made for the tensor's shape, so that the port holds all of its rows.
        tensor.withUnsafeBytes { bytes in
            let memory = UnsafeMutableRawBufferPointer(start: port.address.mutable(spaces[0]), count: port.byteCount)
            UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: bytes)
        }
    }

    /// Copies the first bytes of an output into a tensor.
    func copy(_ port: Plan.Port, bytes: Int, into tensor: inout Tensor, at offset: Int) {
        let source = UnsafeRawBufferPointer(start: port.address.raw(spaces[0]), count: bytes)
        tensor.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + bytes]).copyMemory(from: source)
        }
    }
}
