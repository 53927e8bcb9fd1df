import PicketTensor

/// Collects the steps of a plan, and what memory they touch when.
package struct PlanBuilder {
    /// Makes a step's body once every buffer has its place.
    typealias BodyMaker = (Resolver) throws(OperatorFault) -> Step.Body

    /// Gives the addresses of values to a step in the making.
    struct Resolver {
        let builder: PlanBuilder
        let offsets: [Int]

        func address(_ id: ValueID, _ layout: Layout = .plain) throws(OperatorFault) -> Address {
            let place = builder.place(id, layout)
            if let memory = builder.memory[place] { return .arena(offsets[memory.buffer] + memory.byteOffset) }
            guard place.layout == .plain, let buffer = try builder.constantBuffer(id) else {
                throw OperatorFault("value \(id) has no memory")
            }
            return .constant(buffer)
        }

        func address(_ temporary: Temporary) -> Address { .arena(offsets[temporary.buffer]) }
    }

    /// Arena memory of one step's own, shared by all threads that run it.
    struct Temporary {
        let buffer: Int
    }

    /// A value in one of the layouts that it may be there in.
    struct Place: Hashable {
        let value: ValueID
        /// Canonical.
        let layout: Layout
    }

    /// The memory of a place: a buffer, or a slice of one that holds wider pictures.
    struct Memory: Hashable {
        var buffer: Int
        var byteOffset = 0
        /// Floats from pixel to pixel where that is not the number of channels.
        var pixelStride: Int?
    }

    /// Constants in plain layout; a class, since addresses are asked for while steps are made.
    final class Constants {
        var buffers: [ValueID: AlignedBuffer] = [:]
    }

    /// A step that a plan has beside its steps, and the memory that it writes.
    struct Turn {
        var step: Pending
        var target: Temporary
    }

    struct Pending {
        var node: String
        var operatorName: String
        var units: Int
        var cost: Double
        /// Nil where element-wise work is all there is.
        var make: BodyMaker?
        /// Nil where nothing can follow on what a unit makes.
        var parts: Parts?
    }

    let kernels: KernelTable
    /// Of the graph's own constants, which are the same in every plan.
    let weights: WeightStore
    /// Of what else is known beforehand: what shape arithmetic makes is another in every plan.
    private let ownWeights: WeightStore
    let limits: ImportLimits
    let specialisation: Specialisation
    /// The step after which a value is no longer read; grows with aliases.
    let lastUse: [ValueID: Int]

    var memory: [Place: Memory] = [:]
    /// Values that are made where they will be concatenated.
    let slices: [ValueID: ConcatSlices.Slice]
    /// Values that attentions read or write in another's memory.
    let attention: AttentionViews
    var requests: [MemoryPlanner.Request] = []
    let constants = Constants()
    var packed: [AlignedBuffer] = []
    var pending: [Pending] = []
    /// Layers, how many steps were there when each was made, and what has one lie plain.
    var tapped: [(layer: ValueID, steps: Int, turn: Turn?)] = []
    var scratchBytes = 0
    /// Bytes that each node reads and writes in the arena.
    var traffic: [Int] = []
    var current: LoweredNode?
    var currentIndex = 0

    /// - Parameter ownWeights: nil for a store that lives as long as the plan.
    init(
        _ specialisation: Specialisation,
        kernels: KernelTable,
        weights: WeightStore,
        ownWeights: WeightStore? = nil,
        limits: ImportLimits
    ) {
        self.specialisation = specialisation
        self.kernels = kernels
        self.weights = weights
        self.ownWeights = ownWeights ?? WeightStore(constantBytes: 0)
        self.limits = limits
        var lastUse: [ValueID: Int] = [:]
        for (index, node) in specialisation.graph.nodes.enumerated() {
            for case let input? in node.inputs { lastUse[input] = index }
        }
        for output in specialisation.graph.outputs { lastUse[output] = specialisation.graph.nodes.count }
        attention = AttentionViews(specialisation)
        for (value, view) in attention.views {
            lastUse[view.root] = max(lastUse[view.root] ?? 0, lastUse[value] ?? 0)
        }
        self.lastUse = lastUse
        slices = ConcatSlices.find(specialisation)
    }

    /// Where a value's elements are: in its own memory, or in another's.
    func view(of id: ValueID, _ shape: Shape) -> StridedView { attention.views[id] ?? StridedView(of: id, shape) }

    /// A value's place in a layout.
    func place(_ id: ValueID, _ layout: Layout) -> Place {
        let canonical = specialisation[id].map { layout.canonical($0.shape) } ?? .plain
        // What lies channels-last without gaps anyway is not there twice.
        if canonical == .channelsLastDense, let slice = memory[Place(value: id, layout: .channelsLast)],
            slice.pixelStride == nil
        {
            return Place(value: id, layout: .channelsLast)
        }
        return Place(value: id, layout: canonical)
    }

    /// The place of a value that is about to be there: what has no gaps serves those as well who would take them.
    func newPlace(_ id: ValueID, _ layout: Layout) -> Place {
        let place = place(id, layout)
        let open = Place(value: id, layout: .channelsLast)
        return place.layout == .channelsLastDense && memory[open] == nil ? open : place
    }
}

// What operators call.
extension PlanBuilder {
    /// Declares that a result is the operand's memory under another shape, each in a layout.
    mutating func alias(
        _ result: ValueID,
        _ resultLayout: Layout = .plain,
        of operand: ValueID,
        _ layout: Layout = .plain
    ) throws(OperatorFault) {
        let place = place(operand, layout)
        guard let memory = memory[place] else {
            guard place.layout == .plain, let constant = try constantBuffer(operand) else {
                throw OperatorFault("value \(operand) is read before it is made")
            }
            constants.buffers[result] = constant
            return
        }
        self.memory[newPlace(result, resultLayout)] = memory
        extend(memory.buffer, to: lastUse[result] ?? currentIndex)
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
    mutating func reuse(
        _ operand: ValueID,
        for result: ValueID,
        _ layout: Layout = .plain
    ) throws(OperatorFault) -> Bool {
        guard let memory = memory[place(operand, layout)], memory.byteOffset == 0, memory.pixelStride == nil,
            slices[result] == nil, let fact = specialisation[operand], let own = specialisation[result],
            fact.elementType == own.elementType, fact.shape.elementCount == own.shape.elementCount,
            requests[memory.buffer].lastStep == currentIndex,
            requests[memory.buffer].byteCount == fact.shape.elementCount * fact.elementType.byteCount
        else { return false }
        self.memory[newPlace(result, layout)] = memory
        extend(memory.buffer, to: lastUse[result] ?? currentIndex)
        return true
    }

    /// Arena memory for the step that is about to be added.
    mutating func temporary(byteCount: Int) -> Temporary {
        requests.append(.init(byteCount: byteCount, firstStep: currentIndex, lastStep: currentIndex))
        return Temporary(buffer: requests.count - 1)
    }

    /// A constant brought into a kernel's layout, shared by all plans where it is the graph's own.
    ///
    /// - Parameters:
    ///   - others: further constants that the bytes are made from.
    ///   - layout: names everything that the bytes depend on besides the constants.
    ///   - byteCount: of the buffer that `make` returns.
    mutating func packed(
        _ id: ValueID,
        with others: [ValueID] = [],
        layout: String,
        byteCount: Int,
        make: () throws(OperatorFault) -> AlignedBuffer
    ) throws(OperatorFault) -> Address {
        let ids = [id] + others
        let isShared = ids.allSatisfy { specialisation.graph.constants[$0] != nil }
        let key = WeightStore.Key(values: ids, layout: "\(kernels.level) \(layout)")
        let buffer = try (isShared ? weights : ownWeights).buffer(key, byteCount: byteCount, make: make)
        packed.append(buffer)
        return .constant(buffer)
    }

    /// Adds a step.
    ///
    /// - Parameters:
    ///   - units: independent parts of the work.
    ///   - cost: nanoseconds on one thread, roughly.
    ///   - scratch: bytes that each thread needs while it runs the step.
    ///   - parts: what the units make, where each makes an even part of one value.
    mutating func add(
        units: Int = 1,
        cost: Double,
        scratch: Int = 0,
        parts: Parts? = nil,
        make: BodyMaker?
    ) throws(OperatorFault) {
        guard let current else { preconditionFailure("steps are added while a node is lowered") }
        scratchBytes = max(scratchBytes, scratch)
        pending.append(
            Pending(
                node: current.node.name,
                operatorName: current.node.operatorName,
                units: units,
                cost: cost,
                make: make,
                parts: parts
            )
        )
    }
}
