import Dispatch
import Foundation
import PicketDetection
import PicketTensor
import Synchronization

/// Two linear models over rows of shape [1, 2, 3], computed row by row in plain loops.
///
/// Both have layers `hidden` [3, 4] and `same`, of the row's own shape: what ``layer(_:of:model:)`` says.
///
/// `served` gives `logits` of 4 classes; `other` gives `logits` of 4 classes from other weights, and `features`, of the
/// row's own shape.
final class FakeRunner: ModelRunner {
    static let rowShape = Shape([1, 2, 3])
    static let classCount = 4

    struct Passed: Hashable {
        var model: String
        var rows: Int
        var tensors: [String]
        var layers: [String] = []
    }

    private let largestBatch: Int
    private let digest: String
    private let outputKind: OutputKind
    private let log = Mutex<[Passed]>([])
    private let prepared = Mutex<[String: [String]]>([:])

    /// The layers that were asked for before any pass.
    var preparedLayers: [String: [String]] { prepared.withLock { $0 } }

    func prepare(_ model: String, layers: [String]) throws {
        prepared.withLock { $0[model] = layers }
    }

    init(
        largestBatch: Int = 1_000_000,
        digest: String = String(repeating: "a", count: 64),
        outputKind: OutputKind = .logits
    ) {
        self.largestBatch = largestBatch
        self.digest = digest
        self.outputKind = outputKind
    }

    /// The passes so far, in any order.
    var passes: [Passed] { log.withLock { $0 } }

    func facts(of model: String) -> ModelFacts? {
        let logits = ModelTensor(name: "logits", elementType: .float32, rowShape: Shape([FakeRunner.classCount]))
        let features = ModelTensor(name: "features", elementType: .float32, rowShape: FakeRunner.rowShape)
        let labels = ModelTensor(name: "labels", elementType: .int64, rowShape: Shape([1]))
        let outputs: [ModelTensor]
        switch model {
        case "served": outputs = [logits, labels]
        case "other": outputs = [features, logits]
        default: return nil
        }
        return ModelFacts(
            name: model,
            rowShape: FakeRunner.rowShape,
            classCount: FakeRunner.classCount,
            outputKind: outputKind,
            primaryOutput: "logits",
            outputs: outputs,
            digest: digest,
            layers: [
                ModelLayer(name: "hidden", operatorType: "Relu", rowShape: Shape([3, 4])),
                ModelLayer(name: "same", operatorType: "Add", rowShape: FakeRunner.rowShape),
            ]
        )
    }

    static func layer(_ name: String, of row: [Float], model: String) -> [Float] {
        let offset: Float = model == "served" ? 0 : 1
        return name == "same" ? row.map { $0 * 0.5 + offset } : (0..<12).map { row[$0 % 6] * 2 + Float($0) * offset }
    }

    static func logits(_ row: [Float], model: String) -> [Float] {
        (0..<classCount).map { label in
            row.indices.reduce(Float(0)) { sum, index in
                let weight = sin(Float(label * 7 + index * 3) + (model == "served" ? 0 : 1.5))
                return sum + weight * row[index] * 3
            }
        }
    }

    /// Passes and calls on many threads at once, so that what must not depend on their order shows.
    private struct Worker: PicketDetection.Worker {
        let runner: FakeRunner

        func run(_ jobs: [PassJob]) throws -> [PassOutput] {
            jobs.map { job in
                let pass = job.pass
                let passed = Passed(
                    model: pass.model,
                    rows: pass.rowCount,
                    tensors: pass.tensors,
                    layers: pass.layers
                )
                runner.log.withLock { $0.append(passed) }
                return FakeRunner.compute(pass, job.fill, job.take, batch: runner.largestBatch)
            }
        }

        func perform(count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
        }
    }

    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (any PicketDetection.Worker) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try body(Worker(runner: self)) })
            }
        }
    }

    private static func compute(_ pass: Pass, _ fill: RowFill, _ take: LayerTake, batch: Int) -> PassOutput {
        let size = rowShape.elementCount
        // Memory full of NaN: a row that is not written shows.
        let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: pass.rowCount * size)
        defer { memory.deallocate() }
        memory.initialize(repeating: .nan)
        nonisolated(unsafe) let shared = memory
        DispatchQueue.concurrentPerform(iterations: pass.rowCount) { row in
            fill(row, UnsafeMutableBufferPointer(rebasing: shared[row * size..<(row + 1) * size]))
        }
        let rows = (0..<pass.rowCount).map { Array(memory[$0 * size..<($0 + 1) * size]) }
        DispatchQueue.concurrentPerform(iterations: pass.rowCount) { row in
            for (index, name) in pass.layers.enumerated() {
                layer(name, of: rows[row], model: pass.model).withUnsafeBufferPointer { take(row, index, $0) }
            }
        }
        let tensors = pass.tensors.map { name in
            switch name {
            case "features":
                Tensor(rows.flatMap { $0.map { $0 * 2 } }, shape: Shape([pass.rowCount] + rowShape.dimensions))
            case "labels":
                Tensor(rows.map { Int64($0[0] * 10) }, shape: Shape([pass.rowCount, 1]))
            default:
                Tensor(rows.flatMap { logits($0, model: pass.model) }, shape: Shape([pass.rowCount, classCount]))
            }
        }
        return PassOutput(tensors: tensors, forwardPasses: (pass.rowCount + batch - 1) / batch)
    }
}
