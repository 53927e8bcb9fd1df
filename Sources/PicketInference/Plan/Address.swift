/// Where a step finds an operand: in the session's arena, or in a constant.
///
/// Proof of `@unchecked Sendable`: the constant's memory is immutable and lives as long as the plan, which holds it.
package struct Address: @unchecked Sendable {
    private let constant: UnsafeRawPointer?
    private let offset: Int

    static func arena(_ offset: Int) -> Address { Address(constant: nil, offset: offset) }

    static func constant(_ buffer: AlignedBuffer) -> Address {
        Address(constant: UnsafeRawPointer(buffer.base), offset: 0)
    }

    @inline(__always)
    func raw(_ space: ExecutionSpace) -> UnsafeRawPointer {
        UnsafeRawPointer(constant ?? UnsafeRawPointer(space.arena)) + offset
    }

    /// To write; only arena memory is ever a step's result.
    @inline(__always)
    func mutable(_ space: ExecutionSpace) -> UnsafeMutableRawPointer { space.arena + offset }

    @inline(__always)
    func floats(_ space: ExecutionSpace) -> UnsafePointer<Float> { raw(space).assumingMemoryBound(to: Float.self) }

    @inline(__always)
    func mutableFloats(_ space: ExecutionSpace) -> UnsafeMutablePointer<Float> {
        mutable(space).assumingMemoryBound(to: Float.self)
    }
}

/// The memory that a step runs in: the session's arena, and scratch of the running thread's own.
package struct ExecutionSpace {
    let arena: UnsafeMutableRawPointer
    let scratch: UnsafeMutableRawPointer
    /// Inside a loop: nanoseconds that the outermost one and those inside it may still take, by their plans' estimates.
    /// Loops run on one thread, which alone reads and writes it.
    var loops: UnsafeMutablePointer<Double>?

    /// The space of a plan inside a step.
    func inner(arena: UnsafeMutableRawPointer) -> ExecutionSpace {
        ExecutionSpace(arena: arena, scratch: scratch, loops: loops)
    }
}
