import Foundation
import PicketInference
import PicketTensor
import Testing

/// The example's models against onnxruntime's logits on 64 images; `Tests/Cases/golden/make.py` says where they are from.
@Suite("The example's models agree with onnxruntime")
struct ExampleModelTests {
    static let models = ["fashion-cnn", "fashion-b", "fashion-c"]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL

    private func golden(_ name: String) throws -> Tensor {
        let data = try Data(contentsOf: Self.root.appending(path: "Tests/Cases/golden/\(name).npy"))
        return try data.withUnsafeBytes { try Tensor(npy: $0) }
    }

    private func compiled(_ name: String, level: String) throws -> CompiledGraph {
        let path = Self.root.appending(path: "Examples/fashion-mnist/models/\(name).onnx").path(percentEncoded: false)
        return try CompiledGraph(Model(path: path).graph, kernels: KernelTable(named: level))
    }

    @Test("to 1e-4 at every batch size from 1 to 64", arguments: models, KernelTable.availableLevels)
    func agreement(name: String, level: String) throws {
        let (images, logits) = (try golden("images"), try golden(name))
        let compiled = try compiled(name, level: level)
        #expect(compiled.batchMode == .dynamic)
        let session = Session(compiled)
        let all = try #require(try session.run(["input": images]).values.first)
        let (found, expected) = (all.elements(of: Float.self), logits.elements(of: Float.self))
        #expect(found.count == expected.count)
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst <= 1e-4)
        for rows in 1...63 {
            let some = try #require(try session.run(["input": images.rows(64 - rows..<64)]).values.first)
            // The same bits as in the batch of all, so that nothing else needs comparing.
            #expect(some.elements(of: Float.self) == all.rows(64 - rows..<64).elements(of: Float.self))
        }
    }

    @Test("on two threads bit for bit", arguments: models)
    func threads(name: String) throws {
        let images = try golden("images")
        let compiled = try compiled(name, level: #require(KernelTable.availableLevels.last))
        let (one, two) = (Session(compiled, threads: 1), Session(compiled, threads: 2))
        for rows in [1, 5, 64] {
            let input = ["input": images.rows(0..<rows)]
            let (left, right) = (try one.run(input), try two.run(input))
            #expect(left.values.first?.elements(of: Float.self) == right.values.first?.elements(of: Float.self))
        }
    }

    @Test("cost what their files say, but for what was fused away", arguments: models)
    func operations(name: String) throws {
        let path = ExamplePassTests.folder.appending(path: "\(name).onnx").path
        let compiled = try CompiledModel(Model(path: path))
        let kept = try #require(compiled.floatingPointOperations)
        let written = try #require(try ModelReport(path: path).floatingPointOperations)
        #expect(kept <= written)
        #expect(Double(kept) > 0.9 * Double(written))
    }

    @Test("fused into as few steps as they should be")
    func steps() throws {
        let expected = [
            "fashion-cnn": ["Conv", "MaxPool", "Conv", "MaxPool", "Conv", "MaxPool", "Layout", "Gemm", "Gemm"],
            "fashion-b": ["Sub+Div", "Conv", "AveragePool", "Conv", "AveragePool", "Layout", "Gemm", "Gemm"],
            "fashion-c": [String](repeating: "Conv", count: 9) + ["GlobalAveragePool", "Gemm"],
        ]
        for (name, steps) in expected {
            let compiled = try compiled(name, level: "portable")
            let shapes = try #require(compiled.inputShapes(rows: 1))
            #expect(try compiled.plan(inputs: shapes).stepNames == steps, "\(name)")
        }
    }
}
