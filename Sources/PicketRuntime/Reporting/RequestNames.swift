import Foundation
import Synchronization

/// Names for requests whose senders gave none, so that every event tells which request it was of.
final class RequestNames: Sendable {
    /// Start time in hexadecimal seconds: names of two runs of the daemon differ.
    private let prefix = String(Int(Date.now.timeIntervalSince1970), radix: 16)
    private let last = Atomic<UInt64>(0)

    func next() -> String {
        "\(prefix)-\(last.add(1, ordering: .relaxed).newValue)"
    }
}
