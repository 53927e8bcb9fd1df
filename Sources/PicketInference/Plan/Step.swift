/// One kernel call of a plan, its operands resolved.
package struct Step: Sendable {
    /// Runs some of the step's units in the given memory. Units may run on any thread in any order.
    package typealias Body = @Sendable (ExecutionSpace, Range<Int>) throws(OperatorFault) -> Void

    /// The node it comes from.
    let node: String

    /// The operator it comes from.
    let operatorName: String

    /// Independent parts that threads may share out; 1 where there is nothing to share.
    let units: Int

    /// Estimated time of all units on one thread, in nanoseconds: whether sharing pays.
    let cost: Double

    let body: Body

    /// Runs some of the units, a fault under the node's name.
    @inline(__always)
    func run(_ space: ExecutionSpace, _ units: Range<Int>) throws(NodeFault) {
        do throws(OperatorFault) {
            try body(space, units)
        } catch {
            throw NodeFault(node: node, operatorName: operatorName, reason: error.reason)
        }
    }
}
