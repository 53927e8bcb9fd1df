import PicketTensor
import Testing

@Suite struct NpyTests {
    static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        let text = Array(header.utf8)
        return [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(text.count & 0xff), UInt8(text.count >> 8)] + text
            + data
    }

    static func tensor(_ bytes: [UInt8]) throws -> Tensor {
        try bytes.withUnsafeBytes { try Tensor(npy: $0) }
    }

    @Test(
        arguments: [[], [0], [3], [2, 3], [1, 28, 28]] as [[Int]],
        [ElementType.float32, .uint8, .int64, .float64, .bool]
    )
    func readsWhatItWrites(dimensions: [Int], type: ElementType) throws {
        let shape = Shape(dimensions)
        let bytes = (0..<shape.elementCount * type.byteCount).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let original = try bytes.withUnsafeBytes { try Tensor(type, shape: shape, copying: $0) }
        let file = original.npyBytes()
        let read = try NpyTests.tensor(file)
        #expect(read.shape == shape)
        #expect(read.elementType == type)
        #expect(read.withUnsafeBytes { Array($0) } == bytes)
        #expect((file.count - bytes.count) % 64 == 0, "NumPy aligns the data to 64 bytes")
    }

    @Test func readsNumPysOwnBytes() throws {
        // numpy.save of np.arange(3, dtype='<i2'), NumPy 2.4, header padding left out
        let bytes = NpyTests.file(
            "{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }\n",
            data: [0, 0, 1, 0, 2, 0]
        )
        #expect(try NpyTests.tensor(bytes).elements() == [0, 1, 2] as [Int16])
    }

    @Test(arguments: [
        "", "{", "{}", "{'descr': '<f4'}", "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "{'evil': '", "{'descr': 'O', 'x",
    ])
    func refusesDamagedHeaders(header: String) {
        #expect(throws: NpyFault.self) { try NpyTests.tensor(NpyTests.file(header, data: [0, 0, 0, 0])) }
    }

    @Test func noMutationOrTruncationTraps() throws {
        let valid = Tensor([1, 2, 3] as [Float], shape: [3]).npyBytes()
        for length in 0..<valid.count {
            #expect(throws: NpyFault.self) { try NpyTests.tensor(Array(valid[..<length])) }
        }
        var generator = SplitMix64(state: 7)
        for _ in 0..<2000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? NpyTests.tensor(bytes)
        }
    }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014); seeded, so that a failure repeats.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
