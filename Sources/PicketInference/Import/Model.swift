/// A model file, imported: its graph, checked and improved, with the weights still in the mapped file.
public struct Model: Sendable {
    /// The graph after the passes.
    package let graph: Graph

    /// What the graph was made from, to be compiled with layers kept.
    public let source: ModelSource

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
        try self.init(try GraphImporter.reading(path: path, limits: limits), PassPipeline(limits: limits), limits)
    }

    /// Imports a model from memory; it may name no external data.
    ///
    /// - Throws: ``ImportError``.
    public init(bytes: [UInt8], limits: ImportLimits = ImportLimits()) throws(ImportError) {
        try self.init(bytes: bytes, limits: limits, passes: PassPipeline(limits: limits))
    }

    /// Imports a model from memory through passes of the caller's choice.
    package init(
        bytes: [UInt8],
        limits: ImportLimits = ImportLimits(),
        passes: PassPipeline
    ) throws(ImportError) {
        try self.init(try GraphImporter.reading(bytes: bytes, limits: limits), passes, limits)
    }

    private init(_ importer: GraphImporter, _ passes: PassPipeline, _ limits: ImportLimits) throws(ImportError) {
        guard importer.unsupported.isEmpty else { throw .unsupported(importer.unsupported) }
        opset = importer.document.opset
        files = importer.files
        inputs = importer.inputs
        outputs = importer.outputs
        source = ModelSource(graph: importer.graph, passes: passes, limits: limits)
        do {
            graph = try passes.run(importer.graph)
        } catch {
            throw .node(error)
        }
    }
}
