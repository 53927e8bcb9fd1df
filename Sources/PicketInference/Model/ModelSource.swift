public import PicketTensor

/// An imported model before any pass, its weights still in the mapped file: cheap to keep, and what a model is compiled
/// from anew when layers of it are wanted.
public struct ModelSource: Sendable {
    package let graph: Graph
    package let passes: PassPipeline
    package let limits: ImportLimits

    package init(graph: Graph, passes: PassPipeline, limits: ImportLimits = ImportLimits()) {
        self.graph = graph
        self.passes = passes
        self.limits = limits
    }

    /// The graph after the passes, in which the named layers are left standing.
    ///
    /// - Throws: ``SessionFault/unknownLayer(_:)`` for a name that is not one of ``layers``.
    package func improved(keeping names: [String]) throws -> Graph {
        var marked = graph
        if !names.isEmpty {
            let known = Set(layers.map(\.name))
            for name in names {
                guard known.contains(name), let id = graph.value(named: name) else {
                    throw SessionFault.unknownLayer(name)
                }
                if !marked.layers.contains(id) { marked.layers.append(id) }
            }
        }
        return try passes.run(marked)
    }
}

/// A layer: an intermediate float32 tensor that carries the batch's rows along its first axis.
public struct ModelLayer: Sendable, Hashable {
    /// The tensor's name in the model file.
    public let name: String
    /// The ONNX operator that makes it.
    public let operatorName: String
    /// The extents of one row, without the batch axis; C, H, W for a feature map.
    public let rowShape: Shape
}
