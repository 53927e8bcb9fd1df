import PicketTensor

/// Products of matrices of one type of numbers, a block of the result after the other: reference and lowering of MatMul
/// and Gemm for types other than float32.
///
/// Every sum runs along the depth in the numbers that the type is computed with: 16-bit floats in float32, rounded once;
/// integers wrap. A row's bits hang neither on its block nor on the other rows.
struct TypedProduct: FormatVisitor {
    static let types = Set<ElementType>.floats.union([.int32, .int64, .uint32, .uint64])

    /// How the elements of a matrix lie: (i, j) at i · row + j · column.
    struct Strides: Sendable {
        var row: Int
        var column: Int
    }

    /// Rows and columns of a block: so many that a row of B serves, so few that the sums stay in the first cache.
    private static let block = (rows: 16, columns: 64)

    var rows: Int
    var columns: Int
    var depth: Int
    var left: Strides
    var right: Strides
    /// Which A and which B each product of a stack takes.
    var stack: Broadcast?
    var count = 1
    /// result = alpha · product + beta · addend; integers through double precision where either is not 1.
    var alpha: Float = 1
    var beta: Float = 1
    /// How operand 2 is stretched over the result, where there is one.
    var addend: Strides?

    /// The one type of all operands.
    ///
    /// - Throws: where they are of several types, or of one that has no product; where an operator that fuses others
    ///   would have to do so in a type other than float32.
    static func type(
        of operands: [OperandFact?],
        for operation: some FusingOperator
    ) throws(OperatorFault) -> ElementType {
        let type = try operands.required(0).elementType
        for (index, operand) in operands.enumerated() {
            guard let operand, operand.elementType != type else { continue }
            throw OperatorFault("input \(index) is \(operand.elementType), expected \(type) as input 0")
        }
        try operands.required(0).check("A", isOf: types)
        guard type == .float32 || (operation.activation == .none && !operation.addsResidual) else {
            throw OperatorFault("fuses others in \(type), expected float32")
        }
        return type
    }

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let this = self
        let (tall, wide) = (Self.block.rows, Self.block.columns)
        let (across, down) = ((columns + wide - 1) / wide, (rows + tall - 1) / tall)
        let blocks = count * down * across
        // A multiply-add for each row, and for each block of rows a number of B brought into its format.
        let work = Double(count) * Double(rows + down) * Double(columns) * Double(max(depth, 1))
        return Movement(
            units: max(blocks, 1),
            cost: work * 5 * Cost.element,
            scratchBytes: (tall + 1) * wide * MemoryLayout<Format.Number>.stride
        ) { memory, units in
            for unit in units.clamped(to: 0..<blocks) {
                let (index, part) = (unit / (down * across), unit % (down * across))
                let (top, begin) = (part / across * tall, part % across * wide)
                this.compute(
                    index,
                    top..<min(top + tall, this.rows),
                    begin..<min(begin + wide, this.columns),
                    memory,
                    Format.self
                )
            }
        }
    }

    /// One block of one product of the stack.
    private func compute<Format: NumberFormat>(
        _ index: Int,
        _ lines: Range<Int>,
        _ places: Range<Int>,
        _ memory: Movement.Memory,
        _: Format.Type
    ) {
        let (aIndex, bIndex) = stack?.positions(ofRun: index) ?? (index, index)
        let a = memory.operand(0, as: Format.Stored.self) + aIndex * rows * depth + lines.lowerBound * left.row
        let b = memory.operand(1, as: Format.Stored.self) + bIndex * depth * columns + places.lowerBound * right.column
        let wide = Self.block.columns
        // The scratch holds a row of B and the sums; it is aligned for every type, and both are written before read.
        let factors = memory.scratch.bindMemory(to: Format.Number.self, capacity: (Self.block.rows + 1) * wide)
        let sums = factors + wide
        for place in 0..<lines.count * wide { (sums + place).initialize(to: Format.number(0)) }
        for k in 0..<depth {
            let row = b + k * right.row
            for j in 0..<places.count { (factors + j).initialize(to: Format.load(row[j * right.column])) }
            for i in 0..<lines.count {
                let factor = Format.load(a[i * left.row + k * left.column])
                let line = sums + i * wide
                for j in 0..<places.count { line[j] = Format.add(line[j], Format.multiply(factor, factors[j])) }
            }
        }
        let y = memory.result(as: Format.Stored.self) + index * rows * columns
        for (i, line) in lines.enumerated() {
            for (j, place) in places.enumerated() {
                y[line * columns + place] = finish(sums[i * wide + j], line, place, memory, Format.self)
            }
        }
    }

    private func finish<Format: NumberFormat>(
        _ sum: Format.Number,
        _ line: Int,
        _ place: Int,
        _ memory: Movement.Memory,
        _: Format.Type
    ) -> Format.Stored {
        let added = addend.map { strides in
            Format.load(memory.operand(2, as: Format.Stored.self)[line * strides.row + place * strides.column])
        }
        if alpha == 1, beta == 1 {
            return Format.store(added.map { Format.add(sum, $0) } ?? sum)
        }
        let total = Double(alpha) * Format.double(sum) + Double(beta) * (added.map(Format.double) ?? 0)
        return Format.store(Format.number(total))
    }
}
