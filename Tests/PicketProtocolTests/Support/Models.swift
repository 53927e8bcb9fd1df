import NIOCore
import NIOHTTP1
import PicketProtocol
import PicketTensor

/// A directory of one small model.
struct Models: ModelDirectory {
    var isReady = true
    let server = ServerMetadata(version: "1.2.3")

    static let sum = ModelMetadata(
        name: "sum",
        version: "1",
        inputs: [TensorMetadata(name: "x", elementType: .float32, dimensions: [nil, 4])],
        outputs: [TensorMetadata(name: "y", elementType: .float32, dimensions: [nil, 1])],
        maximumRows: 8
    )

    func metadata(of model: String) -> ModelMetadata? {
        model == "sum" ? Models.sum : nil
    }
}

/// A small generator whose draws a seed fixes (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
