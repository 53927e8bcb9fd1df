import Foundation
import PicketInference
import PicketTensor
import Testing

/// Whole image classifiers against onnxruntime, at batch 1 and 5.
///
/// `Benchmarks/inference/models.py FOLDER` makes the models, with inputs and onnxruntime's answers; they are too large
/// for the repository. `PICKET_MODELS` names the folder; `~/.cache/picket/models` where it is not set.
@Suite("Whole models", .serialized)
struct WholeModelTests {
    /// Of the largest number of the expected output.
    private static let tolerance = 1e-3

    private static var folder: URL {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache"
        return URL(filePath: environment["PICKET_MODELS"] ?? "\(cache)/picket/models")
    }

    private static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter {
            FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/output-5.npy").path)
        }.sorted()
    }()

    @Test(
        "agree with onnxruntime to 1e-3 of the largest output, whatever the batch",
        .enabled(if: !names.isEmpty, "0 models compared: make them with Benchmarks/inference/models.py")
    )
    func agree() throws {
        let only = ProcessInfo.processInfo.environment["PICKET_MODELS_ONLY"]
        var rows: [String] = []
        for name in Self.names where only.map(name.contains) ?? true {
            do {
                let errors = try compare(name)
                let largest = errors.max() ?? .infinity
                rows.append(
                    "\(name.padding(toLength: 28, withPad: " ", startingAt: 0)) \(String(format: "%.1e", largest))"
                )
                #expect(largest <= Self.tolerance, "\(name): \(largest) of the largest output")
            } catch {
                rows.append("\(name.padding(toLength: 28, withPad: " ", startingAt: 0)) not compared")
                Issue.record("\(name): \(error)")
            }
        }
        print("whole models: \(rows.count) compared; model, largest error as a share of the largest output")
        print(rows.joined(separator: "\n"))
    }

    /// The largest difference at batch 1, and at batch 5.
    private func compare(_ name: String) throws -> [Double] {
        let place = Self.folder.appending(path: name)
        let model = try Model(path: place.appending(path: "model.onnx").path)
        let session = Session(try CompiledModel(model), threads: 2)
        let input = try tensor(place.appending(path: "input.npy"))
        let (port, output) = (try #require(model.inputs.first), try #require(model.outputs.first))
        return try [1, 5].map { count in
            let answers = try session.run([port.name: input.rows(0..<count)])
            let expected = try tensor(place.appending(path: "output-\(count).npy"))
            let found = try #require(answers[output.name])
            try #require(found.shape == expected.shape && found.elementType == expected.elementType)
            let (left, right) = (TensorComparison.numbers(found), TensorComparison.numbers(expected))
            let largest = right.reduce(0) { max($0, abs($1)) }
            return zip(left, right).reduce(0) { worst, pair in
                pair.0.isFinite ? max(worst, abs(pair.0 - pair.1)) : .infinity
            } / largest
        }
    }

    private func tensor(_ file: URL) throws -> Tensor {
        let data = try Data(contentsOf: file)
        return try data.withUnsafeBytes { try Tensor(npy: $0) }
    }
}
