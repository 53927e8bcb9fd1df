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

    /// Below this a step runs on the calling thread alone: a worker that waits for it begins a microsecond later.
    static let worthSharing = 10_000.0
}
