import Foundation
import Synchronization

/// A bar on stderr for long work; silent where stderr is no terminal.
final class ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1
    private let lastShare = Mutex(-1)
    private let title: String

    init(_ title: String) {
        self.title = title
    }

    func show(_ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        let share = min(done * 100 / total, 100)
        guard
            lastShare.withLock({ last in
                defer { last = share }
                return last != share
            })
        else { return }
        let bar = String(repeating: "█", count: share / 4) + String(repeating: "░", count: 25 - share / 4)
        FileHandle.standardError.write(Data("\r\(title) \(bar) \(share) %".utf8))
    }

    func finish() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
