import PicketDetection
import PicketTensor

extension GuardRuntime {
    public func selfCheck() async -> SelfCheckOutcome {
        for target in guarded {
            do {
                guard let verdicts = target.verdicts else {
                    // Nothing to compare with: that a row gets through is all that can be asked.
                    let blank = Tensor(zeros: .float32, shape: target.chain.subject.rowShape.withBatch(1))
                    _ = try await target.chain.evaluate(blank, servedOutputs: [], key: GoldenRow.drawKey)
                    continue
                }
                let evaluation = try await target.chain.evaluate(
                    verdicts.golden.rows,
                    servedOutputs: [],
                    key: GoldenRow.drawKey
                )
                if let difference = verdicts.golden.difference(
                    from: evaluation.rows[0],
                    detectors: target.chain.detectors
                ) {
                    return .failed("model \(target.model.name): \(difference)")
                }
                let judgement = try verdicts.judge.judge(evaluation.rows, rowsInRequest: 1)[0]
                if let difference = verdicts.golden.difference(from: judgement) {
                    return .failed("model \(target.model.name): \(difference)")
                }
            } catch {
                return .failed("model \(target.model.name): the golden row did not get through: \(error)")
            }
        }
        return .passed
    }
}
