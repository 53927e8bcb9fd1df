import Foundation
import PicketEvaluation
import PicketProtocol
import PicketServer
import PicketTensor

/// Asks a daemon about samples and reads its answers.
struct Asker: Sendable {
    private let model: String
    private let input: TensorMetadata
    /// What 0 and 255 of a byte stand for.
    private let range: ClosedRange<Float>
    private var asked = 0

    /// Axes of one sample.
    var sampleRank: Int { input.dimensions.count - 1 }

    /// - Throws: ``ServiceFault`` where the daemon does not serve the model.
    init(_ client: inout InferenceClient, model: String, range: ClosedRange<Float>) async throws {
        let metadata: ModelMetadata
        do {
            metadata = try await client.metadata(of: model)
        } catch {
            throw ServiceFault(description: "\(error)")
        }
        guard metadata.inputs.count == 1 else {
            throw ServiceFault(description: "model \(model) has \(metadata.inputs.count) inputs, expected one")
        }
        self.model = model
        self.range = range
        input = metadata.inputs[0]
    }

    /// - Parameter rows: samples in one request.
    mutating func ask(
        _ client: inout InferenceClient,
        about samples: DataSet,
        rows: Int
    ) async throws -> Classification {
        var found = Classification()
        for start in stride(from: 0, to: samples.count, by: rows) {
            let part = samples.x.rows(start..<min(start + rows, samples.count))
            asked += 1
            let call = InferCall(
                model: model,
                id: "classify-\(asked)",
                inputs: [InferTensor(name: input.name, tensor: try served(part))]
            )
            let clock = ContinuousClock()
            let begin = clock.now
            let response = try await client.infer(call)
            found.latencies.append(begin.duration(to: clock.now))
            found.rows += try answers(response, count: part.rowCount, id: call.id)
        }
        return found
    }

    /// Samples in the element type that the model takes.
    private func served(_ samples: Tensor) throws -> Tensor {
        if samples.elementType == input.elementType { return samples }
        guard samples.elementType == .uint8, input.elementType == .float32 else {
            throw ServiceFault(
                description:
                    "samples of \(samples.elementType), expected \(input.elementType) as model \(model) takes them"
            )
        }
        let span = range.upperBound - range.lowerBound
        let numbers = samples.elements(of: UInt8.self).map { range.lowerBound + Float($0) / 255 * span }
        return Tensor(numbers, shape: samples.shape)
    }

    private func answers(_ response: InferResponse, count: Int, id: String?) throws -> [Classification.Row] {
        switch response {
        case .refused(status: 403, _, id: id):
            return Array(repeating: Classification.Row(verdict: Classification.flagged), count: count)
        case .refused(let status, let message, _):
            throw ServiceFault(description: "\(status): \(message)")
        case .answered(let outputs, let parameters):
            let flagged = outputs.first { $0.name == "picket_flagged" }?.tensor.elements(of: UInt8.self)
            let scores = outputs.first { $0.name == "picket_score" }?.tensor.elements(of: Float.self)
            let classes = outputs.first { $0.tensor.elementType == .float32 && $0.tensor.shape.rank == 2 }?.tensor
            return (0..<count).map { row in
                var answer = Classification.Row()
                answer.verdict = flagged.map { $0[row] != 0 ? Classification.flagged : Classification.passed }
                answer.score = scores.map { Double($0[row]) }
                answer.record = parameters["picket_record"]
                if let best = classes.flatMap({ Asker.best($0.row(row).elements()) }) {
                    answer.label = best.label
                    answer.confidence = best.confidence
                }
                return answer
            }
        }
    }

    /// The likeliest class and its probability, whether the numbers are probabilities or logits; nil for withheld rows.
    private static func best(_ numbers: [Float]) -> (label: Int, confidence: Double)? {
        guard let label = numbers.indices.max(by: { numbers[$0] < numbers[$1] }), !numbers.contains(where: \.isNaN)
        else {
            return nil
        }
        let values = numbers.map(Double.init)
        let sum = values.reduce(0, +)
        if values.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(sum - 1) < 1e-3 { return (label, values[label]) }
        let weights = values.map { exp($0 - values[label]) }
        return (label, 1 / weights.reduce(0, +))
    }
}
