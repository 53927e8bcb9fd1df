import Synchronization

/// One progress bar after the other, for work of several steps.
final class StepBars: Sendable {
    private let current = Mutex<(title: String, bar: ProgressBar)?>(nil)

    func show(_ title: String, _ done: Int, of total: Int) {
        let bar = current.withLock { current in
            if let current, current.title == title { return current.bar }
            current?.bar.finish()
            let bar = ProgressBar(title)
            current = (title, bar)
            return bar
        }
        bar.show(done, of: total)
    }

    func finish() {
        current.withLock { $0?.bar.finish() }
    }
}
