/// Rows of float32 numbers, each padded with zeros to whole vectors of sixteen, for distances and products that a compiler
/// turns into SIMD code.
public struct LaneMatrix: Sendable {
    public typealias Lanes = SIMD16<Float>

    /// Numbers in a row, without the padding.
    public let columns: Int
    public let rows: Int
    /// Vectors in a row.
    public let width: Int
    private let lanes: [Lanes]

    /// - Precondition: `elements` holds rows × columns numbers.
    public init(_ elements: [Float], rows: Int, columns: Int) {
        precondition(elements.count == rows * columns, "a matrix holds rows × columns elements")
        self.rows = rows
        self.columns = columns
        width = LaneMatrix.width(columns)
        var lanes = [Lanes](repeating: .zero, count: rows * width)
        for row in 0..<rows {
            for column in 0..<columns {
                lanes[row * width + column / Lanes.scalarCount][column % Lanes.scalarCount] =
                    elements[row * columns + column]
            }
        }
        self.lanes = lanes
    }

    /// Vectors that so many numbers take.
    public static func width(_ columns: Int) -> Int { (columns + Lanes.scalarCount - 1) / Lanes.scalarCount }

    /// Numbers, padded like a row.
    public static func padded(_ elements: [Float]) -> [Lanes] {
        LaneMatrix(elements, rows: 1, columns: elements.count).lanes
    }

    /// A row, without its padding.
    public func row(_ row: Int) -> [Float] {
        (0..<columns).map { lanes[row * width + $0 / Lanes.scalarCount][$0 % Lanes.scalarCount] }
    }

    /// The squared Euclidean distance of a row from a vector.
    ///
    /// - Precondition: the vector is padded to this matrix' width.
    public func squaredDistance(ofRow row: Int, from vector: [Lanes]) -> Float {
        precondition(vector.count == width, "a vector is as wide as the matrix")
        var sums = Lanes.zero
        for index in 0..<width {
            let difference = lanes[row * width + index] - vector[index]
            sums += difference * difference
        }
        return sums.sum()
    }

    /// The product of a row with a vector, over the first so many vectors of both.
    public func product(ofRow row: Int, with vector: [Lanes], over count: Int) -> Float {
        precondition(vector.count == width && count <= width, "a vector is as wide as the matrix")
        var sums = Lanes.zero
        for index in 0..<count { sums += lanes[row * width + index] * vector[index] }
        return sums.sum()
    }
}
