import PicketTensor

/// Mean and variance of contiguous elements, in double precision.
struct RowStatistics {
    let mean: Double
    /// Over all elements, not over one less.
    let variance: Double

    init<Number: BinaryFloatingPoint>(_ row: UnsafeBufferPointer<Number>) {
        let count = Double(row.count)
        var sum = 0.0
        for x in row { sum += Double(x) }
        mean = sum / count
        var squares = 0.0
        for x in row { squares += (Double(x) - mean) * (Double(x) - mean) }
        variance = squares / count
    }
}

extension UnsafeBufferPointer {
    /// A part of the elements.
    func part(_ begin: Int, _ count: Int) -> UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(rebasing: self[begin..<begin + count])
    }
}
