import PicketTensor

/// float16 and bfloat16 as the bits that they lie in memory as.
enum HalfFloat {
    /// Every number of either fits a float32 exactly.
    static func widen(
        _ bits: UnsafeBufferPointer<UInt16>,
        _ type: ElementType,
        into target: UnsafeMutablePointer<Float>
    ) {
        if type == .float16 {
            for index in bits.indices { target[index] = float(half: bits[index]) }
        } else {
            for index in bits.indices { target[index] = Float(bitPattern: UInt32(bits[index]) << 16) }
        }
    }

    /// The number that a float16's bits stand for, without the call that the compiler makes of it where the processor's
    /// baseline cannot convert: several times as fast, and without branches.
    static func float(half bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7FFF)
        // Exponents of float32 are 112 larger; infinity and NaN need as much again to be what they were.
        let rebias: UInt32 = 112 << 23
        let normal = (magnitude << 13) + (magnitude < 0x7C00 ? rebias : 2 * rebias)
        // Numbers below 2^-14 have no leading one: added to one of that exponent and taken off again, exactly.
        let least: UInt32 = 113 << 23
        let small = Float(bitPattern: least + magnitude << 13) - Float(bitPattern: least)
        let value = magnitude < 0x400 ? small.bitPattern : normal
        return Float(bitPattern: value | UInt32(bits & 0x8000) << 16)
    }

    /// Rounds to the nearest, ties to even.
    static func narrow(
        _ values: UnsafeBufferPointer<Float>,
        _ type: ElementType,
        into bits: UnsafeMutablePointer<UInt16>
    ) {
        if type == .float16 {
            for index in values.indices { bits[index] = Float16(values[index]).bitPattern }
        } else {
            for index in values.indices { bits[index] = bfloat16(values[index]) }
        }
    }

    static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
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
                HalfFloat.widen(operand.elements(UInt16.self), operand.fact.elementType, into: base)
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
            HalfFloat.narrow(UnsafeBufferPointer(from), result.fact.elementType, into: base)
        }
    }
}
