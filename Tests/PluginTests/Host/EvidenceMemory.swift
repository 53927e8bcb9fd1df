import CPicketABI

/// The memory behind one row's evidence.
final class EvidenceMemory {
    private let numbers: UnsafeMutableBufferPointer<Float>
    private let extents: UnsafeMutableBufferPointer<Int64>
    private let tensors: UnsafeMutableBufferPointer<picket_tensor>
    private var evidence = picket_evidence()

    /// `wanted` are vectors.
    init(row: [Float], extents rowExtents: [Int64], wanted: [[Float]]) {
        numbers = .allocate(capacity: row.count + wanted.reduce(0) { $0 + $1.count })
        _ = numbers.initialize(from: row + wanted.flatMap { $0 })
        extents = .allocate(capacity: rowExtents.count + wanted.count)
        _ = extents.initialize(from: rowExtents + wanted.map { Int64($0.count) })
        tensors = .allocate(capacity: max(wanted.count, 1))
        var place = row.count
        for (index, vector) in wanted.enumerated() {
            let data = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(numbers)[place..<place + vector.count])
            let axis = rowExtents.count + index
            let extent = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(extents)[axis..<axis + 1])
            tensors.initializeElement(at: index, to: tensor(data, extent))
            place += vector.count
        }
        evidence.struct_size = UInt32(MemoryLayout<picket_evidence>.size)
        evidence.input = tensor(
            UnsafeBufferPointer(rebasing: UnsafeBufferPointer(numbers)[..<row.count]),
            UnsafeBufferPointer(rebasing: UnsafeBufferPointer(extents)[..<rowExtents.count])
        )
        evidence.tensors = UnsafePointer(tensors.baseAddress)
        evidence.tensor_count = wanted.count
    }

    deinit {
        numbers.deallocate()
        extents.deallocate()
        tensors.deallocate()
    }

    func withEvidence<Value>(_ body: (UnsafePointer<picket_evidence>) -> Value) -> Value {
        withUnsafePointer(to: evidence, body)
    }
}
