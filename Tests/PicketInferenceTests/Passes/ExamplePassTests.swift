import Foundation
import PicketInference
import PicketTensor
import Testing

@Suite("The example's models")
struct ExamplePassTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Examples/fashion-mnist/models").standardizedFileURL

    static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".onnx") }.sorted()
    }()

    @Test("are there")
    func present() {
        #expect(!Self.files.isEmpty)
    }

    @Test("compute the same before and after the passes", arguments: files)
    func same(_ name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: name)))
        let before = try Model(bytes: bytes, passes: PassPipeline(limits: ImportLimits(), passes: [])).graph
        let pipeline = PassPipeline(limits: ImportLimits()) { step in
            if case .failure(let fault) = step.outcome { Issue.record("\(step.pass): \(fault)") }
        }
        let after = try Model(bytes: bytes, passes: pipeline).graph
        #expect(after.nodes.count < before.nodes.count)
        let x = PassTests.random([2, 1, 28, 28])
        let expected = try PassTests.evaluate(before, [x])[0].elements(of: Float.self)
        let found = try PassTests.evaluate(after, [x])[0].elements(of: Float.self)
        // Two rows of ten classes, or of a picture each.
        #expect(expected.count == (name.contains("autoencoder") ? 2 * 784 : 20))
        #expect(found.count == expected.count)
        for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-4) }
    }

    @Test("are imported or refused when damaged outside their weights", arguments: files)
    func damaged(_ name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            let bytes = try [UInt8](Data(contentsOf: ExamplePassTests.folder.appending(path: name)))
            _ = try Model(bytes: bytes)
            try PeakMemory.reset()
            let before = try PeakMemory.bytes()
            var refused = 0
            for seed in UInt64(0)..<300 {
                var random = SplitMix64(seed: seed)
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let edge = min(4096, bytes.count)
                    let at = Int.random(in: 0..<edge, using: &random)
                    damaged[at] = UInt8.random(in: 0...255, using: &random)
                }
                do throws(ImportError) {
                    _ = try Model(bytes: damaged)
                } catch {
                    refused += 1
                }
            }
            #expect(refused > 100)
            // A few copies of the file at once, and what the passes make of its weights.
            #expect(try PeakMemory.bytes() - before < 8 * bytes.count + 64 << 20)
        }
    }
}
