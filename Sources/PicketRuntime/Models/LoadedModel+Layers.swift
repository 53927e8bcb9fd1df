package import PicketInference
import Synchronization

extension LoadedModel {
    /// The compiled form that passes run now; another one after layers were asked for.
    package var compiled: CompiledModel {
        state.withLock { state in
            guard let compiled = state.compiled else {
                preconditionFailure("a model that was compiled once from a file is compiled from it again")
            }
            return compiled
        }
    }

    /// Rows that one forward pass takes at most.
    var largestPass: Int { state.withLock(\.largestPass) }

    /// Sees to it that passes can hand out these layers, beside those of earlier calls: compiles the model anew where it
    /// keeps other ones. The old weights go before the new ones are packed, but for those that sessions still hold: a
    /// worker's goes when it next runs the model.
    ///
    /// - Throws: what keeps the model from being compiled so; it is then compiled as before.
    func keep(_ layers: [String]) throws {
        try state.withLock { state in
            let wanted = state.layers.union(layers)
            guard wanted != state.layers else { return }
            let before = state.layers
            state.compiled = nil
            do {
                let compiled = try CompiledModel(source, layers: wanted.sorted())
                let largestPass = try compiled.rowsPerPass()
                try LoadedModel.tryOut(compiled)
                (state.compiled, state.layers, state.largestPass) = (compiled, wanted, largestPass)
            } catch {
                state.compiled = try CompiledModel(source, layers: before.sorted())
                throw error
            }
        }
    }

    /// What only a run can tell is told now, and not to the first client.
    static func tryOut(_ compiled: CompiledModel) throws {
        _ = try Session(compiled).run(rows: 1) { _, row in
            for input in compiled.inputs.indices { row[input].initializeMemory(as: UInt8.self, repeating: 0) }
        }
    }
}
