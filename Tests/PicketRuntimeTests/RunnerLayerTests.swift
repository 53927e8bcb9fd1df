import Foundation
import PicketConfiguration
import PicketDetection
import PicketRuntime
import PicketTensor
import Synchronization
import Testing

/// Layers from the native core, through the runner that chains use.
@Suite struct RunnerLayerTests {
    private struct Taken: Sendable {
        var calls = 0
        var elements: [Int: [Float]] = [:]
    }

    /// The example's; its plugins are not needed.
    private static func configuration() throws -> Configuration {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Examples/fashion-mnist/picket.yaml")
        return try Configuration.load(path: file.path)
    }

    /// Rows that differ, made up.
    private static func pixel(_ row: Int, _ index: Int) -> Float { Float((row * 131 + index * 7) % 256) / 255 }

    private func run(
        _ runner: any ModelRunner,
        rows: Int,
        from first: Int = 0,
        layers: [String]
    ) async throws -> (output: PassOutput, taken: [[Float]]) {
        let taken = Mutex(Taken())
        let pass = Pass(model: "fashion", rowCount: rows, tensors: ["logits"], layers: layers)
        let output = try await runner.run(pass) { row, destination in
            for index in destination.indices { destination[index] = RunnerLayerTests.pixel(first + row, index) }
        } take: { row, layer, elements in
            let copy = Array(elements)
            taken.withLock { taken in
                taken.calls += 1
                taken.elements[row * layers.count + layer] = copy
            }
        }
        return try taken.withLock { taken in
            #expect(taken.calls == rows * layers.count)
            return (output, try (0..<rows * layers.count).map { try #require(taken.elements[$0]) })
        }
    }

    @Test func layersComeWithThePassAndChangeNothing() async throws {
        let store = try ModelStore(RunnerLayerTests.configuration(), threads: 2)
        defer { store.close() }
        let facts = try #require(store.runner.facts(of: "fashion"))
        #expect(facts.layers.contains { $0.operatorType == "Relu" })
        let plain = try await run(store.runner, rows: 100, layers: [])
        let names = facts.layers.map(\.name)
        try store.runner.prepare("fashion", layers: [names[0]])
        try store.runner.prepare("fashion", layers: names)
        let whole = try await run(store.runner, rows: 100, layers: names)
        #expect(whole.output.forwardPasses == plain.output.forwardPasses)
        #expect(
            whole.output.tensors[0].elements(of: Float.self) == plain.output.tensors[0].elements(of: Float.self)
        )
        for (layer, name) in names.enumerated() {
            #expect(whole.taken[layer].count == facts.layer(named: name)?.rowShape.elementCount)
        }
        for row in [0, 50, 99] {
            let alone = try await run(store.runner, rows: 1, from: row, layers: names)
            #expect(alone.taken == Array(whole.taken[row * names.count..<(row + 1) * names.count]))
        }
    }

    /// Layers asked for at once, while passes run: no call's get lost, and no pass sees half of an exchange.
    @Test func layersAskedForAtOnce() async throws {
        let store = try ModelStore(RunnerLayerTests.configuration(), threads: 2)
        defer { store.close() }
        let names = try #require(store.runner.facts(of: "fashion")).layers.map(\.name)
        let plain = try await run(store.runner, rows: 40, layers: []).output.tensors[0].elements(of: Float.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask { try store.runner.prepare("fashion", layers: [name]) }
                group.addTask {
                    let found = try await run(store.runner, rows: 40, layers: [])
                    #expect(found.output.tensors[0].elements(of: Float.self) == plain)
                }
            }
            try await group.waitForAll()
        }
        let whole = try await run(store.runner, rows: 2, layers: names)
        #expect(whole.taken.count == 2 * names.count)
    }

    /// A model that can't give a layer stays what it was.
    @Test func anUnknownLayerIsRefused() async throws {
        let store = try ModelStore(RunnerLayerTests.configuration(), threads: 1)
        defer { store.close() }
        let names = try #require(store.runner.facts(of: "fashion")).layers.map(\.name)
        try store.runner.prepare("fashion", layers: [names[0]])
        #expect(throws: (any Error).self) { try store.runner.prepare("fashion", layers: ["nothing"]) }
        let found = try await run(store.runner, rows: 2, layers: [names[0]])
        #expect(found.taken.count == 2)
    }
}
