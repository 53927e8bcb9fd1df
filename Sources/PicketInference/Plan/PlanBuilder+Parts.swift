import PicketTensor

// Steps that make a value part by part, and the element-wise work that is done on each part.
extension PlanBuilder {
    /// What a step makes whose units each make one even part of it.
    ///
    /// Element-wise work that reads it follows on each part before the next one is made, all of it as one step. Every value has
    /// its memory as it would without, in place of the one before where nobody reads that later: what others read of a
    /// chain is there as well, and no bit is another one.
    struct Parts {
        /// Elements of each of the values.
        let elements: Int
        /// Elements of a unit.
        let size: Int
        /// The node that begins the chain, and its place in the plan's traffic.
        let node: Int
        let trafficIndex: Int
        /// The node that has joined it last.
        var lastNode: Int
        /// The first step's result, and those of the work behind it.
        var made: [Place]
        var work: [ElementwiseWork] = []
        /// Values from outside of the chain, and values that it makes for others.
        var touched: Set<ValueID> = []
    }

    /// Pieces of work in one chain; what any of them reads keeps its memory for all of them.
    static let longestChain = 16

    /// Elements of one unit of element-wise work: a few operands of it fit into the nearest cache together.
    static let block = 4096

    /// Declares that each unit of the step that is about to be added makes so many elements of a value, one part behind
    /// the other.
    func parts(of result: Place, elements: Int, size: Int) -> Parts {
        Parts(
            elements: elements,
            size: size,
            node: currentIndex,
            trafficIndex: traffic.count,
            lastNode: currentIndex,
            made: [result]
        )
    }

    /// Adds element-wise work: behind the step before it on each of its parts where that made what it reads, else as a step
    /// of its own.
    ///
    /// - Parameters:
    ///   - elements: of the result.
    ///   - cost: nanoseconds an element.
    mutating func addElementwise(_ work: ElementwiseWork, elements: Int, cost: Double) throws(OperatorFault) {
        let cost = Double(elements) * cost
        if follow(work, elements: elements, cost: cost) { return }
        var parts = parts(of: work.result, elements: elements, size: Self.block)
        parts.work = [work]
        try add(units: (elements + Self.block - 1) / Self.block, cost: cost, parts: parts, make: nil)
    }

    private mutating func follow(_ work: ElementwiseWork, elements: Int, cost: Double) -> Bool {
        // A layer is handed out between its step and the next one.
        guard let current, let last = pending.indices.last, var parts = pending[last].parts,
            parts.elements == elements, parts.work.count < Self.longestChain,
            tapped.last?.steps != pending.count
        else { return false }
        guard work.operands.contains(where: { operand in parts.made.contains { shareMemory(operand, $0) } }) else {
            return false
        }
        // The first step may read whatever it likes of its operands, unless it is element-wise: they stay as they are.
        if pending[last].make != nil, let target = memory[place(work.result.value, work.result.layout)] {
            let made = parts.made.compactMap { memory[place($0.value, $0.layout)] }
            guard made.contains(target) || requests[target.buffer].firstStep == currentIndex else { return false }
        }
        parts.made.append(work.result)
        parts.work.append(work)
        if parts.lastNode != currentIndex { pending[last].operatorName += "+" + current.node.operatorName }
        parts.lastNode = currentIndex
        pending[last].parts = parts
        pending[last].cost += cost
        // The first step's later parts are made after the last one's first: nothing takes over what it reads in between.
        for buffer in requests.indices where (parts.node..<currentIndex).contains(requests[buffer].lastStep) {
            requests[buffer].lastStep = currentIndex
        }
        return true
    }

    /// Whether two values are the same elements: one and the same, or another shape of it.
    func shareMemory(_ one: Place, _ other: Place) -> Bool {
        guard let memory = memory[place(one.value, one.layout)] else { return one == other }
        return memory == self.memory[place(other.value, other.layout)]
    }

    /// Notes what a node touches that has just been lowered, together with what the chain did that it has joined.
    mutating func noteTraffic(of node: Node) {
        let values = Set((node.inputs + node.outputs).compactMap { $0 })
        guard let last = pending.indices.last, var parts = pending[last].parts, let made = parts.made.last?.value,
            node.outputs.contains(made)
        else { return traffic.append(bytes(of: values)) }
        // What the chain makes and nobody reads later never leaves the nearest cache.
        let passing = parts.made.map(\.value).filter { $0 != made && (lastUse[$0] ?? 0) <= currentIndex }
        parts.touched.formUnion(values)
        parts.touched.subtract(passing)
        pending[last].parts = parts
        if parts.trafficIndex == traffic.count { traffic.append(0) }
        traffic[parts.trafficIndex] = bytes(of: parts.touched)
    }

    /// Bytes of those values that are not known beforehand.
    private func bytes(of values: Set<ValueID>) -> Int {
        values.reduce(0) { sum, id in
            guard let value = specialisation[id], value.constant == nil else { return sum }
            return sum + value.fact.shape.elementCount * value.fact.elementType.byteCount
        }
    }
}

extension PlanBuilder.Pending {
    /// The step's body: its own, and the work behind it on each part.
    func body(_ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> Step.Body {
        let first = try make?(resolver)
        guard let parts, let work = try resolver.body(of: parts.work) else {
            guard let first else { preconditionFailure("a step has a body or work") }
            return first
        }
        let (size, elements) = (parts.size, parts.elements)
        guard first != nil || work.isSeveral else {
            // Nothing comes between two parts.
            return { space, units in
                work.run(space, units.lowerBound * size..<min(units.upperBound * size, elements))
            }
        }
        return { (space, units) throws(OperatorFault) in
            for unit in units {
                try first?(space, unit..<unit + 1)
                work.run(space, unit * size..<min((unit + 1) * size, elements))
            }
        }
    }
}
