package import PicketConfiguration
package import PicketDetection

/// A served model with its chain, and the calibration that vouches for its verdicts.
package final class GuardedModel: Sendable {
    package let policy: PicketConfiguration.Chain
    package let model: LoadedModel
    package let chain: PicketDetection.Chain
    /// Nil in monitor without a valid calibration: nothing is flagged then.
    package let verdicts: Verdicts?
    /// What detectors report beside their scores, as replies carry it.
    let facts: DisclosedFacts
    /// What clients see of it.
    let interface: ServedModel

    /// A calibration at work.
    package struct Verdicts: Sendable {
        package let calibration: CalibrationFile
        package let judge: Judge

        init(_ calibration: CalibrationFile) {
            self.calibration = calibration
            judge = Judge(calibration)
        }

        package var golden: GoldenRow { calibration.golden }
    }

    init(
        policy: PicketConfiguration.Chain,
        model: LoadedModel,
        chain: PicketDetection.Chain,
        verdicts: Verdicts?,
        maximumRows: Int
    ) {
        self.policy = policy
        self.model = model
        self.chain = chain
        self.verdicts = verdicts
        facts = DisclosedFacts(chain.detectors)
        interface = ServedModel(
            name: model.name,
            inputs: model.ports.inputs.map(TensorInterface.init),
            outputs: model.ports.outputs.map(TensorInterface.init),
            disclosedOutputs: verdicts == nil ? [] : TensorInterface.disclosed(policy.disclose, facts.names),
            maximumRows: min(maximumRows, verdicts?.judge.largestRequest ?? maximumRows)
        )
    }

    /// Names of all outputs, in the model's order.
    package var outputNames: [String] { interface.outputs.map(\.name) }
}
