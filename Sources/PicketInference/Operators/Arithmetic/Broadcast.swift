import PicketTensor

/// Two operands stretched over one result, axes that behave alike joined.
package struct Broadcast: Sendable {
    /// Of the result, outermost first; never empty.
    private(set) var extents: [Int] = []
    /// Elements between neighbours along each axis; 0 where the operand is stretched.
    private(set) var leftStrides: [Int] = []
    private(set) var rightStrides: [Int] = []

    /// The shape of the result.
    ///
    /// - Throws: where extents differ and none is 1.
    static func shape(_ left: Shape, _ right: Shape) throws(OperatorFault) -> [Int] {
        let rank = max(left.rank, right.rank)
        var result: [Int] = []
        for axis in 0..<rank {
            let (a, b) = (extent(left, axis, rank), extent(right, axis, rank))
            guard a == b || a == 1 || b == 1 else {
                throw OperatorFault("shapes \(left) and \(right) do not broadcast")
            }
            result.append(a == 1 ? b : a)
        }
        return result
    }

    private static func extent(_ shape: Shape, _ axis: Int, _ rank: Int) -> Int {
        let own = axis - rank + shape.rank
        return own < 0 ? 1 : shape[own]
    }

    init(_ left: Shape, _ right: Shape, result: Shape) {
        let (leftSteps, rightSteps) = (left.strides, right.strides)
        for axis in 0..<result.rank where result[axis] != 1 {
            let step = { (shape: Shape, steps: [Int]) in
                let own = axis - result.rank + shape.rank
                return own < 0 || shape[own] == 1 ? 0 : steps[own]
            }
            append(result[axis], step(left, leftSteps), step(right, rightSteps))
        }
        if extents.isEmpty { append(1, 1, 1) }
    }

    private mutating func append(_ extent: Int, _ left: Int, _ right: Int) {
        if let last = extents.indices.last, leftStrides[last] == left * extent, rightStrides[last] == right * extent {
            extents[last] *= extent
            leftStrides[last] = left
            rightStrides[last] = right
        } else {
            extents.append(extent)
            leftStrides.append(left)
            rightStrides.append(right)
        }
    }

    /// Elements of an innermost run.
    var count: Int { extents[extents.count - 1] }

    /// Innermost runs.
    var runs: Int { extents.dropLast().reduce(1, *) }

    /// Calls `body` with the position of both operands' first elements for each run in a range.
    func forEachRun(
        _ range: Range<Int>,
        _ body: (_ run: Int, _ left: Int, _ right: Int) throws(OperatorFault) -> Void
    )
        throws(OperatorFault)
    {
        for run in range {
            var (rest, left, right) = (run, 0, 0)
            for axis in stride(from: extents.count - 2, through: 0, by: -1) {
                let index = rest % extents[axis]
                rest /= extents[axis]
                left += index * leftStrides[axis]
                right += index * rightStrides[axis]
            }
            try body(run, left, right)
        }
    }
}
