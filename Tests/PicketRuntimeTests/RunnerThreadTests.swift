import Dispatch
import Foundation
import PicketConfiguration
import PicketDetection
import PicketRuntime
import Synchronization
import Testing

/// Work on a thread of the native core's runner.
@Suite struct RunnerThreadTests {
    private static func store(threads: Int) throws -> ModelStore {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Examples/fashion-mnist/picket.yaml")
        return try ModelStore(Configuration.load(path: file.path), threads: threads)
    }

    /// What has begun is finished; the next piece of work does not begin.
    @Test(arguments: [1, 2]) func aCancelledTaskStopsBetweenPieces(threads: Int) async throws {
        let store = try RunnerThreadTests.store(threads: threads)
        defer { store.close() }
        let runner = store.runner
        let (hasBegun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let calls = Mutex<[String]>([])
        let task = Task {
            try await runner.onThread { worker in
                try worker.perform(count: 1) { _ in
                    hasBegun.signal()
                    mayEnd.wait()
                    calls.withLock { $0.append("first") }
                }
                try worker.perform(count: 5) { _ in calls.withLock { $0.append("second") } }
            }
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                hasBegun.wait()
                continuation.resume()
            }
        }
        task.cancel()
        mayEnd.signal()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(calls.withLock { $0 } == ["first"])
    }

    /// Passes of different models in one call come back in the call's order, each with its own rows.
    @Test(arguments: [1, 2, 3]) func passesSideBySideAreTheSameAsAlone(threads: Int) async throws {
        let store = try RunnerThreadTests.store(threads: threads)
        defer { store.close() }
        let passes = [("fashion-b", 9), ("fashion", 40), ("fashion-c", 1)].map { model, rows in
            Pass(model: model, rowCount: rows, tensors: ["logits"])
        }
        @Sendable func job(_ pass: Pass) -> PassJob {
            PassJob(pass) { row, destination in
                for index in destination.indices { destination[index] = Float((row * 131 + index * 7) % 256) / 255 }
            } take: { _, _, _ in
            }
        }
        let runner = store.runner
        let together = try await runner.onThread { worker in try worker.run(passes.map(job)) }
        #expect(together.count == passes.count)
        for (pass, output) in zip(passes, together) {
            let alone = try await runner.onThread { worker in try worker.run([job(pass)])[0] }
            #expect(output.tensors[0].rowCount == pass.rowCount)
            #expect(output.tensors[0].elements(of: Float.self) == alone.tensors[0].elements(of: Float.self))
        }
    }
}
