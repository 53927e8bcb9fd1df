import Foundation

/// The largest resident memory of this process so far, as Linux counts it.
enum PeakMemory {
    struct Unreadable: Error {}

    /// `VmHWM` of /proc/self/status.
    static func bytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            guard let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            else { throw Unreadable() }
            return kilobytes << 10
        }
        throw Unreadable()
    }

    /// Lets the count start again from what is resident now.
    static func reset() throws {
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    }
}
