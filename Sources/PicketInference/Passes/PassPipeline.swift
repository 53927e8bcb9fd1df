internal import PicketTensor

/// A change of a graph that keeps what it computes: names an opportunity, and proposes a patch that takes it.
package protocol GraphPass: Sendable {
    /// The pass's name in traces.
    var name: String { get }

    /// All opportunities that the pass finds, as one patch; nil where there are none.
    func patch(for analysed: AnalysedGraph) -> GraphPatch?
}

/// Runs the passes over a graph until none finds anything: the one place that applies patches and checks them.
///
/// A patch is kept only where the graph stays valid (every value made once, before it is read) and every value that
/// is still there keeps its name, element type and shape at every batch size looked at. One that fails is dropped and
/// traced: the graph runs without it.
package struct PassPipeline: Sendable {
    /// What happened to one patch.
    package struct Step: Sendable {
        package let pass: String
        package let edits: [String]
        package let before: Graph
        /// The graph with the patch, or why it was dropped.
        package let outcome: Result<Graph, NodeFault>
    }

    private let passes: [any GraphPass]
    private let rounds: Int
    private let trace: (@Sendable (Step) -> Void)?

    /// - Parameter trace: is told of every patch, kept or dropped.
    package init(
        limits: ImportLimits,
        passes: [any GraphPass]? = nil,
        trace: (@Sendable (Step) -> Void)? = nil
    ) {
        self.passes = passes ?? PassPipeline.standard(limits)
        rounds = limits.passRounds
        self.trace = trace
    }

    /// The passes in their order: what makes nodes fewer first, so that fusion sees neighbours.
    package static func standard(_ limits: ImportLimits) -> [any GraphPass] {
        [
            BranchInlining(),
            IdentityElimination(),
            ConstantFolding(limits: limits),
            ChannelLineFolding(limits: limits),
            AttentionComposition(),
            NormalizationComposition(),
            ActivationComposition(),
            ProductBias(),
            ResidualFusion(),
            ActivationFusion(),
            DeadCodeElimination(),
        ]
    }

    /// The graph after the passes, its reshapes widened where a fixed batch may be.
    ///
    /// A graph whose shapes hang on what a run brings stays as it is: its passes run once that is known.
    ///
    /// - Throws: the node at which the *given* graph's shapes do not fit.
    package func run(_ graph: Graph) throws(NodeFault) -> Graph {
        let analysis: BatchAnalysis
        do {
            analysis = try BatchAnalysis(graph)
        } catch {
            guard error.unknown != nil else { throw error }
            return graph
        }
        let probes = try AnalysedGraph.probes(analysis)
        var current = try AnalysedGraph(analysis.graph, probes: probes)
        var dropped: Set<String> = []
        for _ in 0..<rounds {
            var changed = false
            for pass in passes where !dropped.contains(pass.name) {
                guard let patch = pass.patch(for: current), !patch.isEmpty else { continue }
                let outcome = PassPipeline.apply(patch, to: current, probes, pass.name)
                trace?(Step(pass: pass.name, edits: patch.edits, before: current.graph, outcome: outcome.map(\.graph)))
                switch outcome {
                case .success(let next):
                    current = next
                    changed = true
                case .failure:
                    // It would propose the same again.
                    dropped.insert(pass.name)
                }
            }
            if !changed { break }
        }
        return current.graph
    }

    private static func apply(
        _ patch: GraphPatch,
        to analysed: AnalysedGraph,
        _ probes: [[Shape]],
        _ pass: String
    ) -> Result<AnalysedGraph, NodeFault> {
        do throws(NodeFault) {
            let next = try analysed.patched(patch, probes: probes)
            if let difference = analysed.difference(from: next) {
                throw NodeFault(node: pass, operatorName: "pass", reason: difference)
            }
            return .success(next)
        } catch {
            return .failure(error)
        }
    }
}
