/// Collects the steps of a plan.
package struct PlanBuilder {
    /// Declares that a result is the operand's memory under another shape.
    mutating func alias(_ result: ValueID, of operand: ValueID) throws(OperatorFault) {
    }
}
