/// A model file, imported: its graph, checked and improved, with the weights still in the mapped file.
public struct Model: Sendable {
    /// The graph after the passes.
    package let graph: Graph

    /// The version of the standard operator set that the model was written for.
    public let opset: Int

    /// The files that hold the model: the model file, then its external data in the order of their locations.
    ///
    /// Their bytes are those that the graph was made from, so a digest over them is a digest of this model.
    public let files: [MappedFile]

    /// The inputs in the model's order.
    public let inputs: [Port]

    /// The outputs in the model's order.
    public let outputs: [Port]

    /// An input or output as the model declares it.
    public struct Port: Sendable, Hashable {
        /// The name that requests call it by.
        public let name: String
        /// Type and extents; the batch and what else the model leaves open by name.
        public let fact: TensorFact
    }

    /// Imports the model file at `path`; external data may lie in the same folder and below.
    ///
    /// - Throws: ``ImportError``, for every file that is no valid model within `limits`, never anything worse.
    public init(path: String, limits: ImportLimits = ImportLimits()) throws(ImportError) {
        let file: MappedFile
        do {
            file = try MappedFile(path: path, limit: limits.fileBytes)
        } catch {
            throw .file(error)
        }
        try self.init(file, folder: ModelFolder(of: path, limits: limits), limits: limits)
    }

    /// Imports a model from memory; it may name no external data.
    ///
    /// - Throws: ``ImportError``.
    public init(bytes: [UInt8], limits: ImportLimits = ImportLimits()) throws(ImportError) {
        let file: MappedFile
        do {
            file = try MappedFile(copying: bytes, named: "model in memory")
        } catch {
            throw .file(error)
        }
        try self.init(file, folder: nil, limits: limits)
    }

    private init(_ file: MappedFile, folder: ModelFolder?, limits: ImportLimits) throws(ImportError) {
        let document = try ModelDocument(file, limits: limits)
        var importer = GraphImporter(document, folder: folder, limits: limits)
        try importer.run()
        guard importer.unsupported.isEmpty else { throw .unsupported(importer.unsupported) }
        let imported = importer.graph
        opset = document.opset
        let external = (importer.tensors.folder?.mapped ?? [:]).sorted { $0.key < $1.key }
        files = [file] + external.map(\.value)
        inputs = imported.inputs.map { Port(name: imported[$0].name, fact: Model.fact(of: $0, in: imported)) }
        outputs = imported.outputs.map { Port(name: imported[$0].name, fact: Model.fact(of: $0, in: imported)) }
        do {
            graph = try PassPipeline(limits: limits).run(imported)
        } catch {
            throw .node(error)
        }
    }

    private static func fact(of id: ValueID, in graph: Graph) -> TensorFact {
        if let declared = graph[id].declared { return declared }
        guard let constant = graph.constants[id] else {
            preconditionFailure("the importer declares every input and output")
        }
        return TensorFact(constant.elementType, constant.shape.dimensions.map(Dimension.known))
    }
}
