import Foundation
import PicketInference
import PicketTensor

/// A model with inputs and the outputs that ONNX says they give: a folder with `model.onnx` and
/// `test_data_set_*/{input,output}_*.pb`.
struct ConformanceCase: Sendable {
    /// `suite/name`, as in the ledger.
    let name: String
    let folder: URL

    /// What became of a case; one line of the ledger.
    struct Outcome: Sendable, Equatable {
        enum Kind: String, Sendable {
            case pass
            /// An operator that the core does not have, or not in this version or with these attributes.
            case `operator`
            /// Inputs or outputs that are no tensors, or of an element type that the core does not have.
            case type
            /// Refused for another reason, before a run or in it.
            case refused
            /// Runs, and gives something else.
            case differs
        }

        let kind: Kind
        /// One line; empty where the case passes.
        let reason: String

        /// What must not change without the ledger: whether the case passes, is refused, or computes something else.
        var standing: String {
            switch kind {
            case .pass: "passes"
            case .operator, .type, .refused: "is refused"
            case .differs: "gives another result"
            }
        }
    }

    /// The cases of one folder of a suite, sorted by name.
    static func cases(in folder: URL, suite: String) -> [ConformanceCase] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            let own = folder.appending(path: name)
            guard FileManager.default.fileExists(atPath: own.appending(path: "model.onnx").path) else { return nil }
            return ConformanceCase(name: "\(suite)/\(name)", folder: own)
        }
    }

    /// Import, passes, plan, run; every data set of the case.
    func run() -> Outcome {
        do {
            let model = try Model(path: folder.appending(path: "model.onnx").path)
            let session = Session(try CompiledModel(model))
            let sets = try dataSets()
            guard !sets.isEmpty else { return Outcome(kind: .refused, reason: "the case has no data") }
            for set in sets {
                let found = try session.run(inputs(of: model, in: set))
                if let difference = try difference(found, from: set, model) {
                    return Outcome(kind: .differs, reason: difference)
                }
            }
            return Outcome(kind: .pass, reason: "")
        } catch {
            return Outcome(kind: Self.kind(of: error), reason: Self.line("\(error)"))
        }
    }

    private static func kind(of error: any Error) -> Outcome.Kind {
        let text = "\(error)"
        if case .unsupported(let faults)? = error as? ImportError {
            return faults.allSatisfy { $0.reason.contains("element type") } ? .type : .operator
        }
        let types = ["element type", "no dense tensor", "STRING", "COMPLEX"]
        return types.contains(where: text.contains) || error is TensorFile.Fault ? .type : .refused
    }

    private static func line(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 240 ? words.prefix(240) + "…" : words
    }

    private func dataSets() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("test_data_set_") }.sorted().map { folder.appending(path: $0) }
    }

    private func inputs(of model: Model, in set: URL) throws -> [String: Tensor] {
        var inputs: [String: Tensor] = [:]
        for (index, port) in model.inputs.enumerated() {
            inputs[port.name] = try TensorFile.read(
                set.appending(path: "input_\(index).pb"),
                declared: port.fact.elementType
            )
        }
        return inputs
    }

    private func difference(_ found: [String: Tensor], from set: URL, _ model: Model) throws -> String? {
        for (index, port) in model.outputs.enumerated() {
            let expected = try TensorFile.read(
                set.appending(path: "output_\(index).pb"),
                declared: port.fact.elementType
            )
            guard let tensor = found[port.name] else { return "no output \(port.name)" }
            if let difference = TensorComparison.difference(tensor, from: expected) {
                return "output \(port.name): \(difference)"
            }
        }
        return nil
    }
}
