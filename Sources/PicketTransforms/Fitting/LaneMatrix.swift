import CPicketKernels

/// Rows of float32 numbers, each padded with zeros to whole vectors of sixteen, for distances and products by SIMD kernels. The
/// same bits on every CPU.
public struct LaneMatrix: Sendable {
    /// Numbers in a row, without the padding.
    public let columns: Int
    public let rows: Int
    private let elements: [Float]

    /// - Precondition: `elements` holds rows × columns numbers.
    public init(_ elements: [Float], rows: Int, columns: Int) {
        precondition(elements.count == rows * columns, "a matrix holds rows × columns elements")
        self.rows = rows
        self.columns = columns
        let stride = LaneMatrix.vectors(columns) * Int(PICKET_LANES)
        var padded = [Float](repeating: 0, count: rows * stride)
        for row in 0..<rows {
            for column in 0..<columns { padded[row * stride + column] = elements[row * columns + column] }
        }
        self.elements = padded
    }

    /// Vectors that so many numbers take.
    private static func vectors(_ columns: Int) -> Int {
        (columns + Int(PICKET_LANES) - 1) / Int(PICKET_LANES)
    }

    /// The squared Euclidean distance of every row from a vector.
    ///
    /// - Precondition: the vector has as many numbers as a row.
    public func squaredDistances(from vector: [Float]) -> [Float] {
        call(picket_lanes_best().pointee.squared_distances, vector)
    }

    /// The product of every row with a vector.
    ///
    /// - Precondition: the vector has as many numbers as a row.
    public func products(with vector: [Float]) -> [Float] {
        call(picket_lanes_best().pointee.products, vector)
    }

    /// The same of a lower triangle: row i has nothing but zeros after its element i.
    ///
    /// - Precondition: the matrix is square, the vector has as many numbers as a row.
    public func triangleProducts(with vector: [Float]) -> [Float] {
        precondition(rows == columns, "a triangle is square")
        return call(picket_lanes_best().pointee.triangle_products, vector)
    }

    private typealias Kernel =
        @convention(c) (
            UnsafePointer<Float>, Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
        ) -> Void

    private func call(_ kernel: Kernel, _ vector: [Float]) -> [Float] {
        precondition(vector.count == columns, "a vector has as many numbers as a row")
        guard rows > 0, columns > 0 else { return [Float](repeating: 0, count: rows) }
        let width = LaneMatrix.vectors(columns)
        let padded = vector + [Float](repeating: 0, count: width * Int(PICKET_LANES) - columns)
        // Sound because the matrix holds rows × width vectors, the padded vector width, and the kernel writes one number a row.
        return [Float](unsafeUninitializedCapacity: rows) { room, count in
            elements.withUnsafeBufferPointer { elements in
                padded.withUnsafeBufferPointer { padded in
                    guard let from = elements.baseAddress, let with = padded.baseAddress, let to = room.baseAddress
                    else { return }
                    kernel(from, rows, width, with, to)
                    count = rows
                }
            }
        }
    }
}
