extension GraphImporter {
    /// The model file at `path`, read; its external data may lie in the same folder and below.
    ///
    /// - Throws: ``ImportError`` for what no valid model has; ``unsupported`` may hold nodes all the same.
    static func reading(path: String, limits: ImportLimits) throws(ImportError) -> GraphImporter {
        let file: MappedFile
        do {
            file = try MappedFile(path: path, limit: limits.fileBytes)
        } catch {
            throw .file(error)
        }
        return try reading(file, folder: ModelFolder(of: path, limits: limits), limits: limits)
    }

    /// A model in memory, read; it may name no external data.
    static func reading(bytes: [UInt8], limits: ImportLimits) throws(ImportError) -> GraphImporter {
        let file: MappedFile
        do {
            file = try MappedFile(copying: bytes, named: "model in memory")
        } catch {
            throw .file(error)
        }
        return try reading(file, folder: nil, limits: limits)
    }

    private static func reading(
        _ file: MappedFile,
        folder: ModelFolder?,
        limits: ImportLimits
    ) throws(ImportError) -> GraphImporter {
        var importer = try GraphImporter(try ModelDocument(file, limits: limits), folder: folder, limits: limits)
        try importer.run()
        return importer
    }

    /// The model file, then its external data in the order of their locations.
    var files: [MappedFile] {
        let external = (tensors.folder?.mapped ?? [:]).sorted { $0.key < $1.key }
        return [document.file] + external.map(\.value)
    }

    /// Inputs and outputs as the model declares them.
    var inputs: [Model.Port] { graph.inputs.map(port) }
    var outputs: [Model.Port] { graph.outputs.map(port) }

    private func port(_ id: ValueID) -> Model.Port {
        guard let fact = graph[id].declared else { preconditionFailure("inputs and outputs were declared at import") }
        return Model.Port(name: graph[id].name, fact: fact)
    }
}
