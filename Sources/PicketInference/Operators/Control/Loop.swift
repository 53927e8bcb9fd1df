package import PicketTensor

/// ONNX Loop (opsets 1, 11, 13, 16, 19, 21), on tensors: a graph that runs again and again on what it made before.
///
/// What is carried from trip to trip keeps its types and shapes. Results that collect something of every trip need the
/// number of trips before a run. A loop that does otherwise (shapes that grow, or collecting until a condition ends it)
/// is computed by the operators' references once all that it reads is known.
package struct Loop: ControlOperator {
    /// Trips of one loop at most; one that would make more is a fault when it runs.
    static let maximumTrips = 65_536

    /// The condition inside, a scalar.
    static let holds: Tensor = {
        var holds = Tensor(zeros: .bool, shape: [])
        holds.withUnsafeMutableBytes { $0[0] = 1 }
        return holds
    }()

    package static let signature = OperatorSignature("Loop", inputs: 0...66, outputs: 1...64, attributes: ["body"])

    let body: Subgraph
    /// How many values are carried from trip to trip.
    let carried: Int
    /// Results behind the carried ones: one entry a trip.
    let collected: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.inputs.count >= 2 else {
            throw OperatorFault("\(node.inputs.count) inputs, expected M and cond, which may be left empty")
        }
        body = try node.attributes.graph("body")
        carried = node.inputs.count - 2
        collected = body.graph.outputs.count - 1 - carried
        guard body.formals == 2 + carried else {
            throw OperatorFault("body has \(body.formals) inputs, expected \(2 + carried)")
        }
        guard collected >= 0, node.outputs.count <= carried + collected else {
            throw OperatorFault(
                "\(node.outputs.count) outputs, expected at most the \(body.graph.outputs.count - 1) of the body"
            )
        }
    }

    /// What is known of a loop before a run.
    struct Outlook {
        /// Facts of the body's inputs: trip, condition, carried, captured.
        let inputs: [OperandFact]
        let inside: Specialisation
        let results: [ConcreteFact]
        /// The number of trips, where it is known and nothing ends the loop before.
        let trips: Int?
    }

    /// The shape of a loop whose carried values keep theirs; nil where it is none.
    func outlook(_ operands: [OperandFact?]) throws(OperatorFault) -> Outlook? {
        let limit = try limit(operands)
        let condition = operands.optional(1)
        guard condition.map({ $0.elementType == .bool && $0.shape.elementCount == 1 }) ?? true else {
            throw OperatorFault("cond is \(condition?.shape ?? Shape([])), expected one bool")
        }
        // Of a condition that is not there: that it holds.
        let begins = condition.map { $0.constant.map { $0.withUnsafeBytes { $0[0] != 0 } } } ?? true
        // A trip is made where the condition holds, so that inside it is known.
        var inputs = [OperandFact(ConcreteFact(.int64, [])), OperandFact(ConstantTensor(Self.holds))]
        for index in 2..<2 + carried {
            let operand: OperandFact = try operands.required(index)
            inputs.append(OperandFact(operand.fact, value: operand.value))
        }
        for index in 2 + carried..<2 + carried + body.captures.count { inputs.append(try operands.required(index)) }
        let inside: Specialisation
        do {
            inside = try Specialisation(body.graph, facts: inputs)
        } catch {
            // Shapes inside that hang on the trip, or on what is carried, are for the references.
            guard error.unknown != nil else { throw OperatorFault("inside: \(error)") }
            return nil
        }
        let facts = inside.graph.outputs.map { inside[$0] }
        let goesOn = facts[0]?.constant.map { $0.withUnsafeBytes { $0.first ?? 0 != 0 } } ?? false
        var results: [ConcreteFact] = []
        for index in 0..<carried {
            guard facts[1 + index]?.fact == inputs[2 + index].fact else { return nil }
            results.append(inputs[2 + index].fact)
        }
        let trips = begins == false ? 0 : begins == true && goesOn ? limit : nil
        if let trips, trips > Self.maximumTrips {
            throw OperatorFault("\(trips) trips, expected at most \(Self.maximumTrips)")
        }
        for fact in facts.dropFirst(1 + carried) {
            guard let trips, let fact else { return nil }
            results.append(try .checked(fact.elementType, [trips] + fact.shape.dimensions))
        }
        return Outlook(inputs: inputs, inside: inside, results: results, trips: trips)
    }

    /// The number of trips that operand 0 allows, where it is known; as many as there may be where it is left out.
    private func limit(_ operands: [OperandFact?]) throws(OperatorFault) -> Int? {
        guard let operand = operands.optional(0) else { return nil }
        guard operand.elementType == .int64, operand.shape.elementCount == 1 else {
            throw OperatorFault("M is \(operand.elementType) \(operand.shape), expected one int64")
        }
        guard let constant = operand.constant else { return nil }
        return max(0, Int(constant.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }))
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        if let outlook = try outlook(operands) { return outlook.results }
        return try evaluated(known(operands), work: WorkAllowance(Self.allowance)).map {
            ConcreteFact($0.elementType, $0.shape)
        }
    }

    /// All operands' contents.
    func known(_ operands: [OperandFact?]) throws(OperatorFault) -> [Tensor?] {
        var tensors: [Tensor?] = []
        for operand in operands {
            tensors.append(try operand.map { operand throws(OperatorFault) in try operand.known("the loop").tensor() })
        }
        return tensors
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: a loop over a batch runs for all of its rows")
    }

    package func evaluated(_ operands: [Tensor?], work: WorkAllowance) throws(OperatorFault) -> [Tensor] {
        var state: [Tensor] = []
        for index in 2..<2 + carried { state.append(try operands.required(index)) }
        var captured: [Tensor] = []
        for index in 2 + carried..<2 + carried + body.captures.count { captured.append(try operands.required(index)) }
        let facts = operands.prefix(2).map { $0.map { OperandFact(ConstantTensor($0)) } }
        let limit = try limit(facts) ?? Int.max
        var goesOn = operands.optional(1).map { $0.withUnsafeBytes { $0.first ?? 0 != 0 } } ?? true
        var collections = [[Tensor]](repeating: [], count: collected)
        var trip = 0
        while goesOn, trip < limit {
            guard trip < Self.maximumTrips else { throw OperatorFault("more than \(Self.maximumTrips) trips") }
            try work.take(1)
            let made = try body.evaluated(
                [Tensor([Int64(trip)], shape: []), Self.holds] + state + captured,
                work: work
            )
            goesOn = made[0].withUnsafeBytes { $0.first ?? 0 != 0 }
            state = Array(made[1..<1 + carried])
            for index in 0..<collected { collections[index].append(made[1 + carried + index]) }
            trip += 1
        }
        return try state
            + collections.enumerated().map { index, parts throws(OperatorFault) in
                try Self.stacked(parts, name: body.graph[body.graph.outputs[1 + carried + index]].name)
            }
    }

    private static func stacked(_ parts: [Tensor], name: String) throws(OperatorFault) -> Tensor {
        guard let first = parts.first else {
            throw OperatorFault("collects \(name.quotedForMessage) over no trip, and its shape is not known")
        }
        guard parts.allSatisfy({ $0.shape == first.shape && $0.elementType == first.elementType }) else {
            throw OperatorFault("collects \(name.quotedForMessage) of different shapes")
        }
        let fact = try ConcreteFact.checked(first.elementType, [parts.count] + first.shape.dimensions)
        var result = Tensor(zeros: fact.elementType, shape: fact.shape)
        result.withUnsafeMutableBytes { bytes in
            for (index, part) in parts.enumerated() {
                let begin = index * first.byteCount
                part.withUnsafeBytes {
                    UnsafeMutableRawBufferPointer(rebasing: bytes[begin..<begin + first.byteCount]).copyMemory(from: $0)
                }
            }
        }
        return result
    }
}
