import PicketTensor

extension HalfNumberFormat {
    fileprivate static func widen(_ stored: UnsafeBufferPointer<UInt16>, into numbers: UnsafeMutablePointer<Float>) {
        for index in stored.indices { numbers[index] = load(stored[index]) }
    }

    fileprivate static func narrow(_ numbers: UnsafeBufferPointer<Float>, into stored: UnsafeMutablePointer<UInt16>) {
        for index in numbers.indices { stored[index] = store(numbers[index]) }
    }
}

extension MultiResultOperator {
    /// Computes, with 16-bit floats widened to float32 before and rounded behind where the operator asks for that.
    func run(_ operands: [OperandView?], into results: [ResultView]) throws(OperatorFault) {
        let halves = operands.contains { $0?.fact.elementType.isHalf == true }
        guard !computesHalves, halves || results.contains(where: { $0.fact.elementType.isHalf }) else {
            return try compute(operands, into: results)
        }
        // Memory of the call's own: these types are too rare in classifiers for a place in the arena.
        var owned: [UnsafeMutableBufferPointer<Float>] = []
        defer { for buffer in owned { buffer.deallocate() } }
        var wideOperands: [OperandView?] = []
        for operand in operands {
            guard let operand, operand.fact.elementType.isHalf else {
                wideOperands.append(operand)
                continue
            }
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: operand.shape.elementCount)
            owned.append(buffer)
            if let base = buffer.baseAddress {
                let stored = operand.elements(UInt16.self)
                operand.fact.elementType == .float16
                    ? HalfFormat.widen(stored, into: base) : BrainFormat.widen(stored, into: base)
            }
            let fact = ConcreteFact(.float32, operand.shape)
            wideOperands.append(OperandView(fact: fact, bytes: UnsafeRawBufferPointer(buffer)))
        }
        var wideResults: [ResultView] = []
        var narrowed: [(from: UnsafeMutableBufferPointer<Float>, to: ResultView)] = []
        for result in results {
            guard result.fact.elementType.isHalf else {
                wideResults.append(result)
                continue
            }
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: result.shape.elementCount)
            buffer.initialize(repeating: 0)
            owned.append(buffer)
            narrowed.append((buffer, result))
            let fact = ConcreteFact(.float32, result.shape)
            wideResults.append(ResultView(fact: fact, bytes: UnsafeMutableRawBufferPointer(buffer)))
        }
        try compute(wideOperands, into: wideResults)
        for (from, result) in narrowed {
            guard let base = result.elements(UInt16.self).baseAddress else { continue }
            let numbers = UnsafeBufferPointer(from)
            result.fact.elementType == .float16
                ? HalfFormat.narrow(numbers, into: base) : BrainFormat.narrow(numbers, into: base)
        }
    }
}
