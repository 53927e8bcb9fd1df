import CSystemd
import Glibc

/// Events as entries of the systemd journal, each field of its own.
///
/// Where no journal listens, events are counted as failed. A journal that listens and does not read blocks the writer,
/// and then the queue fills and says so.
public final class JournalSink: EventSink {
    public let name = "journal"
    /// Where journald listens; fixed in libsystemd.
    private static let socket = "/run/systemd/journal/socket"

    public init() {}

    public func write(_ events: [Event]) -> SinkResult {
        // libsystemd calls it success when there is no journal.
        guard access(Self.socket, W_OK) == 0 else {
            return SinkResult(written: 0, failed: events.count)
        }
        var result = SinkResult(written: 0, failed: 0)
        for event in events {
            if Self.send(event.journalFields) == 0 {
                result.written += 1
            } else {
                result.failed += 1
            }
        }
        return result
    }

    public func close() {}

    private static func send(_ fields: [(name: String, value: String)]) -> Int32 {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for (name, value) in fields {
            let start = bytes.count
            bytes.append(contentsOf: name.utf8)
            bytes.append(UInt8(ascii: "="))
            bytes.append(contentsOf: value.utf8)
            ranges.append(start..<bytes.count)
        }
        // Sound: the vectors point into `bytes`, which lives and does not move until the closure returns, and libsystemd
        // keeps none of them; it does not write through the pointers, which only the C type makes mutable.
        return bytes.withUnsafeMutableBytes { buffer in
            let vectors = ranges.map {
                iovec(iov_base: buffer.baseAddress?.advanced(by: $0.lowerBound), iov_len: $0.count)
            }
            return sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }
}
