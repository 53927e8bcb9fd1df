import CPicketKernels

/// What makes each element of a result from the elements at its place, or from fewer that are broadcast.
struct ElementwiseWork: Sendable {
    /// Runs on some elements of the result.
    typealias Body = @Sendable (ExecutionSpace, Range<Int>) -> Void

    /// What a chain's kernel can do itself.
    struct Link: Sendable {
        enum Function: Sendable {
            case unary(UnaryKernel)
            case binary(picket_binary, Broadcast)
        }

        let function: Function

        func isSupported(_ kernels: KernelTable) -> Bool {
            switch function {
            case .unary(let kernel): kernels.functions.pointee.chain_supports(false, Int32(kernel.operation.rawValue))
            case .binary(let operation, _): kernels.functions.pointee.chain_supports(true, Int32(operation.rawValue))
            }
        }
    }

    let operands: [PlanBuilder.Place]
    let result: PlanBuilder.Place
    /// Nil where it costs more than to store and load what it makes, so that nothing is gained.
    var link: Link?
    /// Makes what does it alone, once every buffer has its place.
    let make: @Sendable (PlanBuilder.Resolver) throws(OperatorFault) -> Body
}

extension PlanBuilder.Resolver {
    /// Work done one after the other, by one kernel where that has it all.
    ///
    /// - Returns: nil where there is none, and whether it is more than one call on a part.
    func body(of work: [ElementwiseWork]) throws(OperatorFault) -> (run: ElementwiseWork.Body, isSeveral: Bool)? {
        var bodies: [ElementwiseWork.Body] = []
        var index = 0
        while index < work.count {
            var chain = ElementwiseChain(work[index], self)
            var end = index + 1
            while end < work.count, let longer = try chain?.joined(by: work[end], self) {
                chain = longer
                end += 1
            }
            if let chain, end > index + 1 {
                bodies.append(try chain.body(self))
            } else {
                bodies.append(try work[index].make(self))
            }
            index = end
        }
        guard var body = bodies.first else { return nil }
        // One in another rather than a list: what a closure holds is called without counting references.
        for next in bodies.dropFirst() {
            let before = body
            body = { space, part in
                before(space, part)
                next(space, part)
            }
        }
        return (body, bodies.count > 1)
    }
}
