package import PicketInference
import Synchronization

extension LoadedModel {
    /// The compiled form that passes run now; another one after layers were asked for.
    package var compiled: CompiledModel { runnable.withLock(\.compiled) }

    /// Rows that one forward pass takes at most.
    package var largestPass: Int { runnable.withLock(\.largestPass) }

    /// Sees to it that passes can hand out these layers, beside those of earlier calls: compiles the model anew where it
    /// keeps other ones. Passes go on in the old form meanwhile, so that for a while the weights are there twice; a worker
    /// lets go of its old session when it next runs the model.
    ///
    /// - Throws: what keeps the model from being compiled so; it then stays as it was.
    func keep(_ layers: [String]) throws {
        try compiling.withLock { _ in
            let before = runnable.withLock(\.layers)
            let wanted = before.union(layers)
            guard wanted != before else { return }
            let compiled = try CompiledModel(source, layers: wanted.sorted(), precision: precision)
            let next = Runnable(compiled: compiled, largestPass: try compiled.rowsPerPass(), layers: wanted)
            try LoadedModel.tryOut(compiled)
            runnable.withLock { $0 = next }
        }
    }

    /// What only a run can tell is told now, and not to the first client.
    static func tryOut(_ compiled: CompiledModel) throws {
        _ = try Session(compiled).run(rows: 1) { _, row in
            for input in compiled.inputs.indices { row[input].initializeMemory(as: UInt8.self, repeating: 0) }
        }
    }
}
