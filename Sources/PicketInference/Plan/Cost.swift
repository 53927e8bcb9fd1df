/// Rough costs in nanoseconds on one thread, to decide where sharing work among threads pays.
enum Cost {
    /// One multiply-add of a matrix product or convolution.
    static let multiplyAdd = 0.02
    /// One byte moved from here to there.
    static let copiedByte = 0.1
    /// One element of a cheap function.
    static let element = 0.2
    /// One element of exp and the like.
    static let transcendental = 1.0
    /// One element through the reference evaluation.
    static let reference = 20.0

    /// One byte read from memory, beside what the caches give.
    static let memoryByte = 0.045
    /// One byte read from the last cache instead of a core's own.
    static let cacheByte = 0.01
    /// A step, beside its work.
    static let step = 400.0
    /// A step that threads share out: they wait for each other, and for the one that has the most.
    static let barrier = 3_000.0
    /// The part of a run's time that is lost where threads share out every step of it, rather than run each on its own.
    static let sharingLoss = 0.1

    /// Below this a step runs on the calling thread alone: a worker that waits for it begins a microsecond later.
    static let worthSharing = 10_000.0
}
