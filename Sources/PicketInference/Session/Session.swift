import PicketTensor

/// Runs a compiled model, in memory of its own: one thread at a time.
///
/// After the first pass of a batch size its steps allocate nothing; what a run allocates are the tensors that it hands
/// out and the lists around them.
public final class Session {
    let compiled: CompiledGraph
    let threads: Int
    private let pool: ThreadPool?
    /// The first is that of runs whose steps all threads share out, and the first thread's own.
    private var arenas = [AlignedBuffer(byteCount: 0)]
    private var scratch: [AlignedBuffer] = []
    /// How a batch is cut, once known; stays unknown where it depends on the inputs' shapes.
    var cut: BatchCut?
    /// Every thread's memory in a run that all share: one arena, scratch of its own.
    private(set) var spaces: [ExecutionSpace] = []
    /// Every thread's memory where each has a run of its own, as many as have had one.
    private(set) var ownSpaces: [ExecutionSpace] = []
    /// For a model whose shapes hang on what its inputs hold.
    var contents = ContentRuns()
    /// The plans of the last passes: a pass like one of them asks the model for nothing, and takes no lock.
    private var recent: [(shapes: [Shape], plan: Plan)] = []
    private static let recentPlans = 8
    private var last: (plan: Plan, runs: Int)?

    /// - Parameter threads: that share out the work of a pass, the caller's among them.
    package init(_ compiled: CompiledGraph, threads: Int = 1) {
        precondition(threads >= 1, "a session runs on one thread at least")
        self.compiled = compiled
        self.threads = threads
        self.pool = threads > 1 ? ThreadPool(threads: threads) : nil
        prepare(arenaBytes: 0, scratchBytes: 0, runs: 1)
    }

    /// Grows the memory to what so many runs of a plan at once need; it never shrinks.
    private func prepare(_ plan: Plan, runs: Int) {
        let scratchBytes = scratch[0].bytes.count
        let isLarge = arenas.prefix(runs).allSatisfy { $0.bytes.count >= plan.arenaBytes }
        guard !isLarge || arenas.count < runs || plan.scratchBytes > scratchBytes else { return }
        prepare(arenaBytes: plan.arenaBytes, scratchBytes: max(plan.scratchBytes, scratchBytes), runs: runs)
    }

    private func prepare(arenaBytes: Int, scratchBytes: Int, runs: Int) {
        for index in 0..<runs {
            if index == arenas.count {
                arenas.append(AlignedBuffer(byteCount: arenaBytes))
            } else if arenaBytes > arenas[index].bytes.count {
                arenas[index] = AlignedBuffer(byteCount: arenaBytes)
            }
        }
        scratch = (0..<threads).map { _ in AlignedBuffer(byteCount: scratchBytes) }
        spaces = scratch.map { ExecutionSpace(arena: arenas[0].base, scratch: $0.base) }
        ownSpaces = zip(arenas, scratch).map { ExecutionSpace(arena: $0.base, scratch: $1.base) }
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
                try run(steps, index)
            }
        }
        for tap in taps { try show(tap, tapping) }
    }

    /// Runs a plan on what its inputs hold in the first arenas, each thread one of them.
    func executeApart(_ plan: Plan, runs: Int) throws(NodeFault) {
        guard let pool else { preconditionFailure("one thread has no runs beside its own") }
        try plan.steps.withUnsafeBufferPointer { (steps) throws(NodeFault) in
            try ownSpaces.withUnsafeBufferPointer { (spaces) throws(NodeFault) in
                try pool.run(steps, .whole(runs), spaces)
            }
        }
    }

    private func show(_ tap: Plan.Tap, _ tapping: (Plan.Tap) -> Void) throws(NodeFault) {
        if let turn = tap.turn { try turn.run(spaces[0], 0..<turn.units) }
        tapping(tap)
    }

    private func run(_ steps: UnsafeBufferPointer<Step>, _ index: Int) throws(NodeFault) {
        let units = steps[index].units
        guard let pool, units > 1, steps[index].cost > Cost.worthSharing else {
            return try steps[index].run(spaces[0], 0..<units)
        }
        try spaces.withUnsafeBufferPointer { (spaces) throws(NodeFault) in
            try pool.run(UnsafeBufferPointer(rebasing: steps[index...index]), .shared(units), spaces)
        }
    }

    /// The steps of the last pass, to run again on what it left; for tests of what a pass costs.
    package func lastPass() throws(SessionFault) -> () throws -> Void {
        guard let (plan, runs) = last else { throw .noRows("nothing has run") }
        return { try self.executeWrapped(plan, runs: runs) }
    }

    /// How often the model was asked for a plan, which takes a lock.
    package var planLookups: Int { compiled.planLookups }

    /// The plan for input shapes, with memory for so many runs of it at once.
    func plan(_ shapes: [Shape], runs: Int = 1) throws(SessionFault) -> Plan {
        for (known, plan) in recent where known == shapes {
            prepare(plan, runs: runs)
            return plan
        }
        do throws(NodeFault) {
            let plan = try compiled.plan(inputs: shapes)
            prepare(plan, runs: runs)
            if recent.count == Self.recentPlans { recent.removeFirst() }
            recent.append((shapes, plan))
            return plan
        } catch {
            throw .node(error)
        }
    }

    func executeWrapped(
        _ plan: Plan,
        runs: Int = 1,
        taps: [Plan.Tap] = [],
        tapping: (Plan.Tap) -> Void = { _ in }
    ) throws(SessionFault) {
        last = (plan, runs)
        do throws(NodeFault) {
            if runs > 1 { return try executeApart(plan, runs: runs) }
            try execute(plan, taps: taps, tapping: tapping)
        } catch {
            throw .node(error)
        }
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

    /// Copies a tensor into an input of a run, from one of its rows on.
    func load(_ tensor: Tensor, into port: Plan.Port, atRow row: Int = 0, of rows: Int = 1, run: Int = 0) {
        let offset = port.byteCount / rows * row
        // The plan was made for the tensor's shape, so that the port holds all of its rows.
        tensor.withUnsafeBytes { bytes in
            let memory = UnsafeMutableRawBufferPointer(
                start: port.address.mutable(ownSpaces[run]),
                count: port.byteCount
            )
            UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: bytes)
        }
    }

    /// Copies the first bytes of a run's output into a tensor.
    func copy(_ port: Plan.Port, bytes: Int, into tensor: inout Tensor, at offset: Int, run: Int = 0) {
        let source = UnsafeRawBufferPointer(start: port.address.raw(ownSpaces[run]), count: bytes)
        tensor.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + bytes]).copyMemory(from: source)
        }
    }
}
