package import CPicketKernels
import Glibc

/// The micro-kernels of one ISA level, and those of bfloat16 where a model's precision asks for them.
///
/// Proof of `@unchecked Sendable`: the C tables are immutable static data.
package struct KernelTable: @unchecked Sendable {
    package let functions: UnsafePointer<picket_kernel_table>
    let bfloat16: UnsafePointer<picket_bfloat16_table>?

    /// The environment variable that overrides the choice by CPU.
    package static let override = "PICKET_ISA"

    private static let choice: Result<KernelTable, KernelFault> = {
        let asked = getenv(override).map { String(cString: $0) }
        do throws(KernelFault) {
            return .success(try KernelTable(named: asked))
        } catch {
            return .failure(error)
        }
    }()

    /// The table for this process: what `PICKET_ISA` asks for, or else the fastest for this CPU. Chosen once.
    ///
    /// - Throws: ``KernelFault`` where the variable names no level, or one that cannot run here.
    package static func selected() throws(KernelFault) -> KernelTable { try choice.get() }

    /// The table of the level with a name; nil asks for the fastest.
    package init(named name: String?) throws(KernelFault) {
        var level = PICKET_ISA_PORTABLE
        let selection = picket_isa_select(name, &level)
        guard selection == PICKET_ISA_SELECTED, let functions = picket_kernels(level) else {
            throw KernelFault(
                value: name ?? "",
                reason: String(cString: picket_isa_selection_message(selection)),
                available: KernelTable.availableLevels
            )
        }
        self.init(functions: functions, bfloat16: nil)
    }

    init(functions: UnsafePointer<picket_kernel_table>, bfloat16: UnsafePointer<picket_bfloat16_table>?) {
        self.functions = functions
        self.bfloat16 = bfloat16
    }

    /// The names of all levels that can run here.
    package static var availableLevels: [String] {
        (0..<UInt32(PICKET_ISA_LEVEL_COUNT)).map { picket_isa_level(rawValue: $0) }
            .filter { picket_isa_available($0) }
            .map { String(cString: picket_isa_name($0)) }
    }

    /// The level's name, as `PICKET_ISA` has it.
    package var level: String { String(cString: picket_isa_name(functions.pointee.level)) }
}

/// An ISA level that was asked for and cannot be had.
public struct KernelFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What `PICKET_ISA` holds.
    public let value: String
    /// Why that does not do.
    public let reason: String
    /// What would.
    public let available: [String]

    public var description: String {
        "PICKET_ISA is \"\(value)\": \(reason); this machine has \(available.joined(separator: ", "))"
    }
}
