internal import Glibc

/// Class probabilities of one row from a model's primary output, in double precision, row by row: so a row's numbers do
/// not depend on its batch.
enum ClassProbabilities {
    /// Writes probabilities, or their natural logarithms.
    ///
    /// Softmax for logits, shifted by the largest. Probabilities are taken as they are, floored at `FLT_MIN` before a
    /// logarithm. What is not finite stays so: the detector that reads it fails.
    static func write(
        _ output: UnsafeBufferPointer<Float>,
        kind: OutputKind,
        isLogarithm: Bool,
        to destination: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(output.count == destination.count, "there is a probability for each class")
        switch (kind, isLogarithm) {
        case (.logits, let isLogarithm):
            let largest = Double(output.max() ?? 0)
            let sum = output.reduce(0.0) { $0 + exp(Double($1) - largest) }
            let logarithm = log(sum)
            for index in output.indices {
                let shifted = Double(output[index]) - largest
                destination[index] = Float(isLogarithm ? shifted - logarithm : exp(shifted) / sum)
            }
        case (_, true):
            for index in output.indices {
                let value = output[index]
                destination[index] =
                    value < Float.leastNormalMagnitude
                    ? Float(log(Double(Float.leastNormalMagnitude)))
                    : Float(log(Double(value)))
            }
        case (_, false):
            _ = destination.update(fromContentsOf: output)
        }
    }

    static func probability(_ logarithm: Float) -> Float { Float(exp(Double(logarithm))) }

    /// The most probable class of an answer in logarithms, all finite.
    static func prediction(logarithms: [Float]) -> Prediction? {
        logarithms.map(probability).withUnsafeBufferPointer { prediction($0) }
    }

    /// The most probable class; nil where a probability is not finite or there is none.
    static func prediction(_ probabilities: UnsafeBufferPointer<Float>) -> Prediction? {
        guard !probabilities.isEmpty, probabilities.allSatisfy(\.isFinite) else { return nil }
        var label = 0
        for index in probabilities.indices where probabilities[index] > probabilities[label] { label = index }
        return Prediction(label: label, confidence: probabilities[label])
    }
}
