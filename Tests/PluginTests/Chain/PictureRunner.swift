import Dispatch
import Foundation
import PicketDetection
import PicketTensor

/// Three linear models over small colour pictures, computed row by row: the least that runs a chain.
struct PictureRunner: ModelRunner {
    static let rowShape = Shape([3, 16, 16])
    static let classCount = 5
    static let models = ["served", "b", "c"]

    func facts(of model: String) -> ModelFacts? {
        guard PictureRunner.models.contains(model) else { return nil }
        let logits = ModelTensor(name: "logits", elementType: .float32, rowShape: Shape([PictureRunner.classCount]))
        return ModelFacts(
            name: model,
            rowShape: PictureRunner.rowShape,
            classCount: PictureRunner.classCount,
            outputKind: .logits,
            primaryOutput: "logits",
            outputs: [logits],
            digest: String(repeating: "a", count: 64)
        )
    }

    func prepare(_ model: String, layers: [String]) {}

    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (any Worker) throws -> Value
    ) async throws -> Value {
        try body(PictureWorker())
    }

    static func logits(_ pixels: [Float], model: String) -> [Float] {
        let offset = Float(models.firstIndex(of: model) ?? 0) * 0.2
        return (0..<classCount).map { label in
            var sum: Float = 0
            for (index, pixel) in pixels.enumerated() {
                sum += sinf(Float(label * 31 + index) * 0.7 + offset) * pixel
            }
            return sum
        }
    }

    /// Pictures of k/255, all different.
    static func rows(_ count: Int, from first: Int = 0) -> Tensor {
        let size = rowShape.elementCount
        let elements = (first..<first + count).flatMap { row -> [Float] in
            (0..<size).map { index -> Float in
                let level = index * 37 + row * 101 + index * index * (row + 1) % 91
                return Float(level % 256) / 255
            }
        }
        return Tensor(elements, shape: Shape([count] + rowShape.dimensions))
    }
}

/// Does everything itself, one after the other.
private struct PictureWorker: Worker {
    func run(_ jobs: [PassJob]) throws -> [PassOutput] {
        jobs.map { job in
            let size = PictureRunner.rowShape.elementCount
            var logits: [Float] = []
            for row in 0..<job.pass.rowCount {
                // Full of NaN: a pixel that is not written shows.
                var pixels = [Float](repeating: .nan, count: size)
                pixels.withUnsafeMutableBufferPointer { job.fill(row, $0) }
                logits += PictureRunner.logits(pixels, model: job.pass.model)
            }
            let shape = Shape([job.pass.rowCount, PictureRunner.classCount])
            return PassOutput(tensors: job.pass.tensors.map { _ in Tensor(logits, shape: shape) }, forwardPasses: 1)
        }
    }

    func perform(count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        for index in 0..<count { body(index) }
    }
}
