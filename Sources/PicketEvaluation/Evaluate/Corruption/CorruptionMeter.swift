import PicketCrypto
import PicketRuntime
import PicketTensor
import PicketTransforms

/// Puts corrupted clean rows through the chain.
package struct CorruptionMeter {
    /// Clean rows that are corrupted at most.
    package static let largestSample = 500

    let target: GuardedModel
    let judge: SetJudge
    let key: RandomnessKey

    /// Rows that will be judged; 0 where rows are no pictures.
    func work(on clean: DataSetRows) -> Int {
        guard let shape = shape(of: clean) else { return 0 }
        return Corruption.all.count { $0.suits(shape) } * CorruptionMeter.sample(of: clean.count).count
    }

    /// The same rows of a set, whatever the machine: spread evenly over it, since sets are often sorted by class.
    package static func sample(of count: Int) -> [Int] {
        let size = min(count, largestSample)
        return (0..<size).map { $0 * count / size }
    }

    /// - Returns: nil where rows are no pictures.
    func measure(
        _ clean: DataSetRows,
        progress: (Int) -> Void
    ) async throws -> EvaluationReport.Corruptions? {
        guard let shape = shape(of: clean) else { return nil }
        let indices = CorruptionMeter.sample(of: clean.count)
        let truth = clean.dataSet.y.map { labels in indices.map { labels[$0] } }
        var done = 0
        var kinds: [EvaluationReport.Corruptions.Kind] = []
        for (number, corruption) in Corruption.all.enumerated() where corruption.suits(shape) {
            var rows: [EvaluatedRow] = []
            for range in SetJudge.batches(of: indices.count) {
                let batch = try clean.rows(at: Array(indices[range]))
                let corrupted = try corrupted(batch, by: corruption, number: number, from: range.lowerBound, shape)
                rows += try await judge.judge(corrupted, key: key)
                done += range.count
                progress(done)
            }
            let measured = MeasuredSet(file: corruption.name, rows: rows, truth: truth)
            kinds.append(
                EvaluationReport.Corruptions.Kind(
                    name: corruption.name,
                    strength: corruption.strength,
                    measured,
                    alpha: target.policy.falsePositiveRate
                )
            )
        }
        return EvaluationReport.Corruptions(n: indices.count, of: clean.count, kinds: kinds)
    }

    private func shape(of clean: DataSetRows) -> PictureShape? {
        let shape = target.chain.subject.rowShape
        guard clean.form.isImage, shape.rank == 3 else { return nil }
        return PictureShape(channels: shape[0], height: shape[1], width: shape[2])
    }

    private func corrupted(
        _ rows: Tensor,
        by corruption: Corruption,
        number: Int,
        from first: Int,
        _ shape: PictureShape
    ) throws -> Tensor {
        var pixels: [Float] = []
        pixels.reserveCapacity(rows.shape.elementCount)
        for row in 0..<rows.rowCount {
            pixels += try corruption.apply(
                to: rows.row(row).elements(),
                shape: shape,
                grid: target.chain.subject.grid,
                // Any fixed numbers do, if no two rows share one.
                seed: UInt64(number) << 32 | UInt64(first + row)
            )
        }
        return Tensor(pixels, shape: rows.shape)
    }
}
