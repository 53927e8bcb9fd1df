import Dispatch
import Foundation
import Synchronization

/// A stack of known size for code that recurses as deeply as its input nests.
enum OwnStack {
    /// The YAML library builds, compares and frees trees by recursion, and stops at 1,000 levels: they were measured to
    /// need less than 4 MiB, while a caller may run on 512 KiB. Only pages that are touched cost memory.
    static let byteCount = 64 << 20

    /// Runs `body` on a thread of its own and waits for it.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let slot = Slot<Value>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            let value = body()
            slot.value.withLock { $0 = value }
            done.signal()
        }
        thread.stackSize = byteCount
        thread.start()
        done.wait()
        guard let value = slot.value.withLock({ $0 }) else {
            preconditionFailure("the thread signalled that it was done before it was")
        }
        return value
    }

    private final class Slot<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
