/// A model compiled for inputs of one shape: immutable, shared by all sessions.
package final class Plan: Sendable {
    /// An input or output and its memory.
    package struct Port: Sendable {
        package let name: String
        package let fact: ConcreteFact
        let address: Address

        var byteCount: Int { fact.shape.elementCount * fact.elementType.byteCount }
    }

    /// A layer, and the step before which its memory holds it whole.
    package struct Tap: Sendable {
        let port: Port
        let step: Int
        /// Has it lie plain where it does not; runs only where somebody wants to see it.
        let turn: Step?
    }

    package let inputs: [Port]
    package let outputs: [Port]
    let steps: [Step]

    /// In the order of their steps; by `layers` of the graph, the same order in every plan of a model.
    let taps: [Tap]

    /// Bytes of the one arena that holds inputs, outputs and everything between.
    package let arenaBytes: Int

    /// Bytes that each thread needs beside it.
    package let scratchBytes: Int

    /// Bytes that each node reads and writes in the arena, in order.
    let traffic: [Int]

    /// Keeps alive what the steps point into.
    let constants: [AlignedBuffer]

    init(
        inputs: [Port],
        outputs: [Port],
        steps: [Step],
        taps: [Tap],
        arenaBytes: Int,
        scratchBytes: Int,
        traffic: [Int],
        constants: [AlignedBuffer]
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.steps = steps
        self.taps = taps
        self.arenaBytes = arenaBytes
        self.scratchBytes = scratchBytes
        self.traffic = traffic
        self.constants = constants
    }

    /// Estimated time of all steps on one thread, in nanoseconds.
    var cost: Double { steps.reduce(0) { $0 + $1.cost } }

    /// The operators that run, in order: what remains of the graph after fusion and folding.
    package var stepNames: [String] { steps.map(\.operatorName) }
}
