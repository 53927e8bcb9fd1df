package import PicketTensor

/// What an operator does with memory, worked out from types and shapes before the first run: the runs themselves compute
/// nothing that does not hinge on the elements, and allocate nothing.
package struct Movement: Sendable {
    /// The elements of operands and results, aligned for their types, row-major.
    package struct Memory {
        fileprivate let operands: UnsafeBufferPointer<UnsafeRawPointer?>
        fileprivate let results: UnsafeBufferPointer<UnsafeMutableRawPointer?>
        /// Of the running thread's own, aligned for every type.
        let scratch: UnsafeMutableRawPointer

        /// The bytes of an operand that the shape rule has found to be there.
        func operand(_ index: Int) -> UnsafeRawPointer {
            guard index < operands.count, let pointer = operands[index] else {
                preconditionFailure("operand \(index) was there when the shapes were checked")
            }
            return pointer
        }

        /// An operand that may be left out.
        func optional(_ index: Int) -> UnsafeRawPointer? { index < operands.count ? operands[index] : nil }

        /// The bytes of a result; nil where nobody wants it.
        func wanted(_ index: Int) -> UnsafeMutableRawPointer? { index < results.count ? results[index] : nil }

        /// The bytes of the first result of an operator that has but one.
        var result: UnsafeMutableRawPointer {
            guard let pointer = wanted(0) else { preconditionFailure("an operator's only result is wanted") }
            return pointer
        }

        func operand<Element: BitwiseCopyable>(_ index: Int, as type: Element.Type) -> UnsafePointer<Element> {
            operand(index).assumingMemoryBound(to: type)
        }

        func result<Element: BitwiseCopyable>(as type: Element.Type) -> UnsafeMutablePointer<Element> {
            result.assumingMemoryBound(to: type)
        }
    }

    /// Runs some of the units. They may run on any thread in any order.
    typealias Body = @Sendable (Memory, Range<Int>) throws(OperatorFault) -> Void

    /// Independent parts of the work; 1 where there is nothing to share out.
    var units = 1
    /// Nanoseconds of all units on one thread, roughly.
    var cost: Double
    /// Bytes that each thread needs beside operands and results.
    var scratchBytes = 0
    var body: Body

    init(units: Int = 1, cost: Double, scratchBytes: Int = 0, body: @escaping Body) {
        self.units = units
        self.cost = cost
        self.scratchBytes = scratchBytes
        self.body = body
    }

    /// Strided copies, each from an operand to a result, all of elements of one size.
    static func copies(
        _ parts: [(copy: StridedCopy, operand: Int, result: Int)],
        elementBytes: Int,
        bytes: Int
    ) -> Movement {
        let cost = Double(bytes) * Cost.copiedByte
        guard parts.count == 1, let only = parts.first else {
            return Movement(units: max(parts.count, 1), cost: cost) { memory, units in
                for (copy, operand, result) in parts[units.clamped(to: parts.indices)] {
                    guard let target = memory.wanted(result) else { continue }
                    copy.run(
                        from: memory.operand(operand),
                        to: target,
                        elementBytes: elementBytes,
                        parts: 0..<copy.parts
                    )
                }
            }
        }
        // Units of some size, so that sharing them out costs little.
        let each = max(1, only.copy.parts / 64)
        return Movement(units: max((only.copy.parts + each - 1) / each, 1), cost: cost) { memory, units in
            guard let target = memory.wanted(only.result) else { return }
            let range = units.lowerBound * each..<min(units.upperBound * each, only.copy.parts)
            only.copy.run(from: memory.operand(only.operand), to: target, elementBytes: elementBytes, parts: range)
        }
    }
}

/// An operator that is one movement of memory: its reference and its lowering are the same few lines.
package protocol MovementOperator: Operator {
    /// - Parameter results: of ``Operator/infer(_:)`` for the same operands.
    func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement
}

extension MovementOperator {
    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let facts = operands.map { $0.map { OperandFact(ConstantTensor($0)) } }
        return try movement(facts, results).results(of: operands, results)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.move(try movement(node.operands, infer(node.operands)), node)
    }
}

extension Movement {
    /// Runs all units on tensors.
    func results(of operands: [Tensor?], _ results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let scratch = AlignedBuffer(byteCount: scratchBytes)
        var targets = results.map { Tensor(zeros: $0.elementType, shape: $0.shape) }
        try Self.withPointers(operands[...], [], empty: scratch.base) { (sources) throws(OperatorFault) in
            try Self.withMutablePointers(&targets, 0, [], empty: scratch.base) { (results) throws(OperatorFault) in
                // Arrays outlive the buffers made of them: both are parameters of this closure's callers.
                let fault: OperatorFault? = sources.withUnsafeBufferPointer { sources in
                    results.withUnsafeBufferPointer { results in
                        let memory = Movement.Memory(operands: sources, results: results, scratch: scratch.base)
                        do throws(OperatorFault) { try body(memory, 0..<units) } catch {
                            return error
                        }
                        return nil
                    }
                }
                if let fault { throw fault }
            }
        }
        withExtendedLifetime(scratch) {}
        return targets
    }

    /// Pointers to all tensors at once, valid for the call of `body`; `empty` stands for those without elements.
    private static func withPointers(
        _ tensors: ArraySlice<Tensor?>,
        _ pointers: [UnsafeRawPointer?],
        empty: UnsafeRawPointer,
        _ body: ([UnsafeRawPointer?]) throws(OperatorFault) -> Void
    ) throws(OperatorFault) {
        guard let first = tensors.first else { return try body(pointers) }
        guard let tensor = first else {
            return try withPointers(tensors.dropFirst(), pointers + [nil], empty: empty, body)
        }
        try tensor.withUnsafeBytes { (bytes) throws(OperatorFault) in
            try withPointers(tensors.dropFirst(), pointers + [bytes.baseAddress ?? empty], empty: empty, body)
        }
    }

    private static func withMutablePointers(
        _ tensors: inout [Tensor],
        _ index: Int,
        _ pointers: [UnsafeMutableRawPointer?],
        empty: UnsafeMutableRawPointer,
        _ body: ([UnsafeMutableRawPointer?]) throws(OperatorFault) -> Void
    ) throws(OperatorFault) {
        guard index < tensors.count else { return try body(pointers) }
        var tensor = tensors[index]
        // The array lets go of its reference, so that the write below is to this tensor's own memory.
        tensors[index] = Tensor(zeros: .uint8, shape: Shape([0]))
        try tensor.withUnsafeMutableBytes { (bytes) throws(OperatorFault) in
            try withMutablePointers(&tensors, index + 1, pointers + [bytes.baseAddress ?? empty], empty: empty, body)
        }
        tensors[index] = tensor
    }
}

extension PlanBuilder {
    /// Adds a step that runs a movement on the arena.
    mutating func move(_ movement: Movement, _ node: LoweredNode) throws(OperatorFault) {
        let (inputs, outputs) = (node.node.inputs, node.node.outputs)
        try add(units: movement.units, cost: movement.cost, scratch: movement.scratchBytes) {
            resolver throws(OperatorFault) in
            var (sources, targets): ([Address?], [Address?]) = ([], [])
            for input in inputs {
                sources.append(try input.map { id throws(OperatorFault) in try resolver.address(id) })
            }
            for output in outputs {
                targets.append(try output.map { id throws(OperatorFault) in try resolver.address(id) })
            }
            let (from, to, body) = (sources, targets, movement.body)
            return { (space, units) throws(OperatorFault) in
                let fault: OperatorFault? = withUnsafeTemporaryAllocation(
                    of: UnsafeRawPointer?.self,
                    capacity: from.count
                ) { sources in
                    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: to.count) { targets in
                        for index in from.indices { sources.initializeElement(at: index, to: from[index]?.raw(space)) }
                        for index in to.indices { targets.initializeElement(at: index, to: to[index]?.mutable(space)) }
                        let memory = Movement.Memory(
                            operands: UnsafeBufferPointer(sources),
                            results: UnsafeBufferPointer(targets),
                            scratch: space.scratch
                        )
                        do throws(OperatorFault) { try body(memory, units) } catch { return error }
                        return nil
                    }
                }
                if let fault { throw fault }
            }
        }
    }
}
