import PicketPluginSDK

/// Which tensor of the autoencoder is the reconstruction.
struct ReconstructionTensor: Sendable {
    let name: String

    /// - Parameters:
    ///   - asked: the name in the configuration; nil: the last tensor of the graph that is shaped like a row.
    ///   - row: of the served model.
    init(_ asked: String?, of autoencoder: String, _ facts: Host.ModelFacts, row: Extents) throws {
        guard facts.extents == row else {
            throw DetectorFault.invalid(
                "autoencoder: found \(autoencoder) with rows of \(facts.extents), expected \(row) as the served model takes"
            )
        }
        if let asked {
            // A name that is no layer may be an output's: the planner knows.
            if let layer = facts.layers.first(where: { $0.name == asked }), layer.extents != row {
                throw DetectorFault.invalid(
                    "output: found \(asked) of \(autoencoder) with \(layer.extents), expected \(row) as rows are"
                )
            }
            name = asked
        } else if let layer = facts.layers.last(where: { $0.extents == row }) {
            name = layer.name
        } else {
            let last = facts.layers.last.map { ", its last is \($0.name) with \($0.extents)" } ?? ""
            throw DetectorFault.invalid(
                "autoencoder: \(autoencoder) has no tensor of \(row) as rows are\(last); name it as output"
            )
        }
    }
}
