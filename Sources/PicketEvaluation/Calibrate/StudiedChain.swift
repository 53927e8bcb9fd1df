import PicketConfiguration
import PicketCrypto
import PicketRuntime

/// A chain of a configuration with what calibrating, evaluating and tuning need of it alike. Close it after use.
struct StudiedChain {
    var policy: PicketConfiguration.Chain
    let store: ModelStore
    /// The guarded model's rows.
    let form: RowForm
    /// Where draws come from.
    let key: RandomnessKey

    /// - Parameter key: nil: the configuration's key.
    /// - Throws: ``UnknownModel``, a fault of the key, or of a model.
    init(_ configuration: Configuration, model: String, key: RandomnessKey?) throws {
        policy = try configuration.policy(forModel: model)
        self.key = try key ?? GuardRuntime.key(of: configuration)
        let store = try ModelStore(configuration)
        guard let form = store.form(of: model) else {
            preconditionFailure("a checked configuration's chains guard its models")
        }
        self.store = store
        self.form = form
    }

    /// The samples of a file or folder, as the model takes them.
    func rows(_ path: String) throws -> DataSetRows {
        try DataSetRows(DataSet.load(path: path, picture: PictureFormat(form)), form: form, path: path)
    }

    /// Ends the threads that run models. Blocks.
    func close() { store.close() }
}
