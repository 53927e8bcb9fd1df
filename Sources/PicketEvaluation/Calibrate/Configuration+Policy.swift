import PicketConfiguration
import PicketDetection
import PicketRuntime

extension Configuration {
    /// The chain of a model.
    ///
    /// - Throws: ``UnknownModel`` where the configuration guards no such model.
    func policy(forModel name: String) throws(UnknownModel) -> PicketConfiguration.Chain {
        guard let policy = chain(forModel: name) else {
            throw UnknownModel(name: name, guarded: chains.map(\.model))
        }
        return policy
    }
}

extension PictureFormat {
    /// The pictures of a model; nil where rows are no pictures.
    init?(_ form: RowForm) {
        guard form.isImage else { return nil }
        let shape = form.canonicalShape
        self.init(
            channels: shape[0],
            height: shape[1],
            width: shape[2],
            channelsLast: form.isChannelsLast
        )
    }
}

/// A model that the configuration does not guard.
public struct UnknownModel: Error, CustomStringConvertible {
    let name: String
    let guarded: [String]

    public var description: String {
        "no chain guards a model \(name), expected one of \(guarded.joined(separator: ", "))"
    }
}
