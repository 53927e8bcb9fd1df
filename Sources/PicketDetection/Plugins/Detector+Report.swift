internal import CPicketABI
internal import Glibc

/// What a detector says of a row beside its components.
struct DetectorReport: Sendable, Hashable {
    /// By fact; NaN where there is nothing to say of this row.
    var facts: [Double] = []
    /// Natural logarithms of the class probabilities; nil where the detector does not give the answer.
    var answer: [Float]?
}

/// The report on a row, or why there is none.
enum ReportOutcome: Sendable {
    case report(DetectorReport)
    case failed(String)
}

extension Detector {
    /// How far an answer's probabilities may be from adding up to 1.
    private static let sumTolerance = 0.01

    /// The facts of one row, and the served answer.
    ///
    /// - Parameter classCount: Classes of the answer; 0 where the detector gives none.
    func report(
        input: picket_tensor,
        tensors: [picket_tensor],
        facts names: [String],
        classCount: Int
    ) -> ReportOutcome {
        guard let report = plugin.table.report else { return .failed("the plugin reports nothing") }
        var error = picket_error()
        var facts = [Double](repeating: .nan, count: names.count)
        var answer = [Float](repeating: .nan, count: classCount)
        let status = tensors.withUnsafeBufferPointer { tensors in
            var evidence = picket_evidence(
                struct_size: UInt32(MemoryLayout<picket_evidence>.size),
                input: input,
                tensors: tensors.baseAddress,
                tensor_count: tensors.count
            )
            return facts.withUnsafeMutableBufferPointer { facts in
                answer.withUnsafeMutableBufferPointer { answer in
                    report(
                        pointer,
                        &evidence,
                        facts.isEmpty ? nil : facts.baseAddress,
                        facts.count,
                        answer.isEmpty ? nil : answer.baseAddress,
                        answer.count,
                        &error
                    )
                }
            }
        }
        guard status == PICKET_OK else { return .failed(error.text) }
        if let index = facts.firstIndex(where: \.isInfinite) {
            return .failed("fact \(names[index]) is \(facts[index]), expected a finite number, or NaN for none")
        }
        guard classCount > 0 else { return .report(DetectorReport(facts: facts)) }
        if let reason = Detector.flaw(ofAnswer: answer) { return .failed(reason) }
        return .report(DetectorReport(facts: facts, answer: answer))
    }

    private static func flaw(ofAnswer answer: [Float]) -> String? {
        if let index = answer.firstIndex(where: { !$0.isFinite }) {
            return "the answer for class \(index) is \(answer[index]), expected a finite logarithm of a probability"
        }
        let sum = answer.reduce(0.0) { $0 + exp(Double($1)) }
        guard abs(sum - 1) <= sumTolerance else {
            return "the answer's probabilities add up to \(sum), expected 1"
        }
        return nil
    }
}
