import CPicketKernels

/// Functions that one call of the kernel applies one after the other, the value in registers.
struct ElementwiseChain: Sendable {
    /// One of them, its operand resolved when a body is made.
    private struct Member: Sendable {
        var work: ElementwiseWork
        /// The position of its second operand, where it has one.
        var other: Int?
        /// Whether what it makes has memory that the next one does not write over: somebody else may read it.
        var isStored = true
    }

    private var members: [Member] = []
    /// How operands are stretched that do not lie like the value, all of them over the same axes.
    private var broadcast: Broadcast?

    /// Elements of the shortest rows that the kernel takes in its widest pieces: eight vectors of the widest level.
    private static let shortestRow = 128

    /// Whether a chain gains by an operand that is stretched so: over short rows it chooses its functions too often.
    private static func pays(_ broadcast: Broadcast) -> Bool {
        broadcast.extents.count == 1 || broadcast.count >= shortestRow
    }

    /// The chain that begins with some work; nil where the kernel does not have it.
    init?(_ work: ElementwiseWork, _ resolver: PlanBuilder.Resolver) {
        guard let link = work.link, link.isSupported(resolver.builder.kernels) else { return nil }
        switch link.function {
        case .unary: members = [Member(work: work)]
        case .binary(_, let broadcast):
            // One operand has the result's elements, each at its place.
            guard let value = [0, 1].first(where: { broadcast.isWhole($0) }), Self.pays(broadcast) else { return nil }
            members = [Member(work: work, other: 1 - value)]
            if broadcast.extents.count > 1 { self.broadcast = broadcast }
        }
    }

    /// The chain with more work at its end; nil where one call cannot do it.
    func joined(by next: ElementwiseWork, _ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> ElementwiseChain? {
        let builder = resolver.builder
        guard let link = next.link, link.isSupported(builder.kernels), let last = members.last else { return nil }
        let own = last.work.result
        let readers = next.operands.indices.filter { builder.shareMemory(next.operands[$0], own) }
        // What reads the value twice reads it from memory.
        guard readers.count == 1, let value = readers.first else { return nil }
        var chain = self
        var member = Member(work: next)
        if case .binary(_, let broadcast) = link.function {
            member.other = 1 - value
            guard Self.pays(broadcast) else { return nil }
            if broadcast.extents.count > 1 {
                guard chain.broadcast == nil || chain.broadcast?.extents == broadcast.extents else { return nil }
                chain.broadcast = broadcast
            }
        }
        // Where it is written over at once nobody reads it, under whatever name and shape.
        chain.members[members.count - 1].isStored = !builder.shareMemory(own, next.result)
        chain.members.append(member)
        return chain
    }

    /// A member as the kernel takes it, but for the pass's memory.
    private struct Prepared: Sendable {
        var link = (isBinary: false, isLeft: false, function: Int32(0), alpha: Float(0), beta: Float(0))
        var other: (address: Address, operand: BroadcastWalk.Operand)?
        var target: Address?

        func link(_ space: ExecutionSpace, _ piece: BroadcastWalk.Piece) -> picket_link {
            picket_link(
                is_binary: link.isBinary,
                is_left: link.isLeft,
                function: link.function,
                alpha: link.alpha,
                beta: link.beta,
                operand: other.map {
                    $0.address.floats(space) + $0.operand.offset(row: piece.row, column: piece.column)
                },
                row_stride: other?.operand.rowStride ?? 0,
                step: other?.operand.step ?? 0,
                target: target.map { $0.mutableFloats(space) + piece.begin }
            )
        }
    }

    func body(_ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> ElementwiseWork.Body {
        let kernels = resolver.builder.kernels
        let value = members[0].work.operands[members[0].other == 0 ? 1 : 0]
        let source = try resolver.address(value.value, value.layout)
        let prepared = try members.map { member throws(OperatorFault) in try self.prepared(member, resolver) }
        let extents = broadcast?.extents
        let walk = extents.map { BroadcastWalk(extents: $0) }
        return { space, elements in
            // At most `longestChain` links, which stay below the size up to which this is the stack's.
            withUnsafeTemporaryAllocation(of: picket_link.self, capacity: prepared.count) { links in
                let run = { (piece: BroadcastWalk.Piece) in
                    guard let first = links.baseAddress else { return }
                    for index in prepared.indices {
                        links.initializeElement(at: index, to: prepared[index].link(space, piece))
                    }
                    kernels.functions.pointee.chain(
                        first,
                        links.count,
                        piece.rows,
                        piece.count,
                        source.floats(space) + piece.begin
                    )
                }
                if let walk { return walk.forEachPiece(elements, run) }
                let (begin, count) = (elements.lowerBound, elements.count)
                run(BroadcastWalk.Piece(begin: begin, row: 0, column: begin, rows: 1, count: count))
            }
        }
    }

    private func prepared(_ member: Member, _ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> Prepared {
        var prepared = Prepared()
        let work = member.work
        switch work.link?.function {
        case .unary(let kernel):
            prepared.link = (false, false, Int32(kernel.operation.rawValue), kernel.alpha, kernel.beta)
        case .binary(let operation, let own):
            let other = member.other ?? 1
            prepared.link = (true, other == 0, Int32(operation.rawValue), 0, 0)
            let place = work.operands[other]
            let address = try resolver.address(place.value, place.layout)
            prepared.other = (address, operand(other, of: own))
        case nil: break
        }
        if member.isStored { prepared.target = try resolver.address(work.result.value, work.result.layout) }
        return prepared
    }

    /// A member's operand over the axes of the chain: its own where it is stretched, else as the value lies, or one number.
    private func operand(_ position: Int, of own: Broadcast) -> BroadcastWalk.Operand {
        guard own.extents.count == 1, let extents = broadcast?.extents else { return own.operands[position] }
        var strides = [Int](repeating: 0, count: extents.count)
        if own.isWhole(position) {
            var step = 1
            for axis in extents.indices.reversed() {
                strides[axis] = step
                step *= extents[axis]
            }
        }
        return BroadcastWalk.Operand(extents: extents, strides: strides)
    }
}
