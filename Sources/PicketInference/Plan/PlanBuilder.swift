import PicketTensor

/// Collects the steps of a plan, and what memory they touch when.
package struct PlanBuilder {
    /// Makes a step's body once every buffer has its place.
    typealias BodyMaker = (Resolver) throws(OperatorFault) -> Step.Body

    /// Gives the addresses of values to a step in the making.
    struct Resolver {
        let builder: PlanBuilder
        let offsets: [Int]

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
        let buffer: Int
    }

    /// Constants in plain layout; a class, since addresses are asked for while steps are made.
    final class Constants {
        var buffers: [ValueID: AlignedBuffer] = [:]
    }

    struct Pending {
        var node: String
        var operatorName: String
        var units: Int
        var cost: Double
        var make: BodyMaker
    }

    let kernels: KernelTable
    let weights: WeightStore
    let specialisation: Specialisation
    /// The step after which a value is no longer read; grows with aliases.
    let lastUse: [ValueID: Int]

    var buffers: [ValueID: Int] = [:]
    var requests: [MemoryPlanner.Request] = []
    let constants = Constants()
    var packed: [AlignedBuffer] = []
    var pending: [Pending] = []
    /// Layers, and how many steps were there when each was made.
    var tapped: [(layer: ValueID, steps: Int)] = []
    var scratchBytes = 0
    var current: LoweredNode?
    var currentIndex = 0

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
