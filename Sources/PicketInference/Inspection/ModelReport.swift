/// What `picket inspect` tells of a model file, whether Picket runs it or not.
public struct ModelReport: Sendable {
    /// Inputs and outputs as the model declares them.
    public let inputs: [Model.Port]
    public let outputs: [Model.Port]

    /// The version of the standard operator set that the model imports.
    public let opset: Int

    /// The version of the file format.
    public let irVersion: Int

    /// What wrote the file, by its own words; may be empty.
    public let producer: String

    /// Nodes in the file, before any pass.
    public let nodes: Int

    /// How many nodes each operator has; one of another domain than the standard has the domain before its name.
    public let operators: [String: Int]

    /// Floating-point numbers in the model's initializers and Constant nodes.
    public let parameters: Int

    /// Floating-point operations of one row (batch 1; the declared batch where it is fixed), a multiply-add counted as
    /// two; nil where the model leaves more open than the batch, and where an unsupported node hides them.
    public let floatingPointOperations: Int?

    /// How the model takes a batch; nil where an unsupported node hides it.
    public let batchMode: BatchMode?

    /// Every node that keeps Picket from running the model.
    public let unsupported: [NodeFault]

    /// Reads the model file at `path`.
    ///
    /// - Throws: ``ImportError`` where it is no valid model. Nodes that Picket does not run are in ``unsupported``.
    public init(path: String, limits: ImportLimits = ImportLimits()) throws(ImportError) {
        self.init(try GraphImporter.reading(path: path, limits: limits))
    }

    /// Reads a model from memory.
    ///
    /// - Throws: ``ImportError``.
    public init(bytes: [UInt8], limits: ImportLimits = ImportLimits()) throws(ImportError) {
        self.init(try GraphImporter.reading(bytes: bytes, limits: limits))
    }

    private init(_ importer: GraphImporter) {
        let document = importer.document
        inputs = importer.inputs
        outputs = importer.outputs
        opset = document.opset
        irVersion = Int(document.proto.irVersion)
        producer = [document.proto.producerName, document.proto.producerVersion].filter { !$0.isEmpty }
            .joined(separator: " ")
        nodes = document.proto.graph.node.count
        operators = document.proto.graph.node.reduce(into: [:]) { counts, node in
            let domain = ModelDocument.standard(node.domain)
            counts[domain.isEmpty ? node.opType : "\(domain).\(node.opType)", default: 0] += 1
        }
        parameters = importer.graph.constants.values.reduce(0) { sum, constant in
            constant.elementType.isFloatingPoint ? sum + constant.shape.elementCount : sum
        }
        guard importer.unsupported.isEmpty else {
            unsupported = importer.unsupported
            floatingPointOperations = nil
            batchMode = nil
            return
        }
        do throws(NodeFault) {
            let analysis = try BatchAnalysis(importer.graph)
            let shapes = try AnalysedGraph.shapes(importer.graph, rows: 1, symbols: analysis.symbolExtent)
            let specialisation = try Specialisation(importer.graph, inputs: shapes)
            floatingPointOperations =
                ModelReport.isClosed(importer.inputs) ? FloatingPointOperations.count(in: specialisation) : nil
            batchMode = analysis.mode
            unsupported = []
        } catch {
            // Shapes that hang on what the inputs hold are no obstacle: such a model takes whole tensors.
            unsupported = error.unknown == nil ? [error] : []
            floatingPointOperations = nil
            batchMode = error.unknown == nil ? nil : BatchAnalysis(open: importer.graph, fault: error).mode
        }
    }

    /// Whether the inputs leave nothing open but the batch.
    private static func isClosed(_ inputs: [Model.Port]) -> Bool {
        inputs.allSatisfy { port in
            guard let dimensions = port.fact.dimensions else { return false }
            return !dimensions.contains { if case .symbol = $0 { true } else { false } }
        }
    }
}
