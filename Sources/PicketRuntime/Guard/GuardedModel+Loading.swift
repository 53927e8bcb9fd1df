import Foundation
package import Logging
package import PicketConfiguration
package import PicketDetection

extension GuardedModel {
    /// A chain of the configuration with its model, plugins and calibration.
    ///
    /// - Throws: faults of plugins and detectors; in enforce also of a missing or mismatching calibration. In monitor those
    ///   are logged, and nothing is flagged.
    package convenience init(
        _ policy: PicketConfiguration.Chain,
        in configuration: Configuration,
        models: ModelStore,
        logger: Logger
    ) throws(ConfigurationFaults) {
        let specification = try models.specification(of: policy)
        guard let model = models.model(named: policy.model) else {
            preconditionFailure("a checked configuration's chains guard its models")
        }
        try GuardedModel.checkWithholding(policy, model: model, in: configuration)
        var faults: [ConfigurationFault] = []
        let calibration = GuardedModel.calibration(of: policy, in: configuration, faults: &faults)
        let make = { (states: [String: [UInt8]]) throws(ChainFault) in
            try PicketDetection.Chain(specification, states: states, runner: models.runner, log: logger.detectorLog)
        }
        let chain: PicketDetection.Chain
        do throws(ChainFault) {
            chain = try make(calibration?.states ?? [:])
        } catch {
            faults.append(
                configuration.fault(
                    at: policy.location,
                    value: "\(error)",
                    expected: "detectors that accept their settings"
                )
            )
            // In monitor a state that no longer fits must not keep the daemon from starting.
            guard policy.mode == .monitor, calibration?.states.isEmpty == false, let bare = try? make([:]) else {
                throw ConfigurationFaults(faults)
            }
            chain = bare
        }
        if let calibration {
            let mismatches = calibration.file.mismatches(with: chain, promise: policy.promise, method: policy.joint)
            faults += mismatches.map {
                configuration.fault(
                    at: policy.calibration.location,
                    value: "\($0)",
                    expected: "a calibration of this very chain; run `picket calibrate` again"
                )
            }
        }
        if !faults.isEmpty {
            guard policy.mode == .monitor else { throw ConfigurationFaults(faults) }
            logger.warning(
                "monitoring without verdicts: no valid calibration",
                metadata: ["model": "\(policy.model)", "reason": "\(ConfigurationFaults(faults))"]
            )
        }
        let verdicts = faults.isEmpty ? calibration.map { Verdicts($0.file) } : nil
        self.init(
            policy: policy,
            model: model,
            chain: chain,
            verdicts: verdicts,
            // More than may ever wait is refused by its shape, before memory is spent on it.
            maximumRows: configuration.limits.queue
        )
    }

    private static func checkWithholding(
        _ policy: PicketConfiguration.Chain,
        model: LoadedModel,
        in configuration: Configuration
    ) throws(ConfigurationFaults) {
        guard policy.onFlag == .withholdRows else { return }
        for port in model.ports.outputs where !port.fact.elementType.isFloatingPoint {
            throw ConfigurationFaults([
                configuration.fault(
                    at: policy.location,
                    value: "output \(port.name) of \(port.fact.elementType)",
                    expected: "float outputs alone for on-flag: withhold-rows, since theirs become NaN"
                )
            ])
        }
    }

    private static func calibration(
        of policy: PicketConfiguration.Chain,
        in configuration: Configuration,
        faults: inout [ConfigurationFault]
    ) -> (file: CalibrationFile, states: [String: [UInt8]])? {
        let path = policy.calibration.resolved
        do {
            let file = try CalibrationStore.load(path)
            return (file, try CalibrationStore.states(of: file, beside: path))
        } catch {
            faults.append(
                configuration.fault(
                    at: policy.calibration.location,
                    value: "\(error)",
                    expected: "a calibration that `picket calibrate` wrote"
                )
            )
            return nil
        }
    }
}

extension PicketConfiguration.Chain {
    /// What the configuration asks a calibration to vouch for.
    package var promise: Promise {
        do {
            return try Promise(
                rate: falsePositiveRate,
                confidence: confidence,
                unit: ratePer == .row ? .row : .request,
                isClassConditional: classConditional
            )
        } catch {
            preconditionFailure("rate and confidence were checked when the configuration was read: \(error)")
        }
    }
}

extension Logger {
    /// Hands what detectors say to this log: constant messages, the detector's words as facts beside them.
    package var detectorLog: DetectorLog {
        { detector, level, message in
            let swiftLevel: Logger.Level =
                switch level {
                case .debug: .debug
                case .info: .info
                case .warning: .warning
                case .error: .error
                }
            log(level: swiftLevel, "detector", metadata: ["detector": "\(detector)", "says": "\(message)"])
        }
    }
}
