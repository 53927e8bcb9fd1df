public import PicketPluginSDK
import PicketTransforms

extension EnsembleDisagreement {
    /// Fits a temperature a model to the labels of the clean rows; 1 where no row has a label, or nothing planned runs the
    /// model. On the row itself where that is planned, else on the first squeezed row that is.
    public func fit(_ clean: CleanRows, into state: StateSink) throws {
        guard fitsTemperatures else {
            try state.write(Temperatures.state([Double](repeating: 1, count: members.count + 1)))
            return
        }
        var fits = [TemperatureFit](repeating: TemperatureFit(), count: members.count + 1)
        let wanted = (0...members.count).map { model in
            model == 0 ? served : answers.lazy.compactMap { $0[model] }.first
        }
        for index in 0..<clean.count {
            guard let label = clean.label(index) else { continue }
            try clean.withRow(index) { evidence in
                for (model, wanted) in wanted.enumerated() {
                    guard let wanted else { continue }
                    try evidence[wanted].withElements { try fits[model].add($0, label: label) }
                }
            }
        }
        try state.write(Temperatures.state(fits.map(\.temperature)))
    }
}
