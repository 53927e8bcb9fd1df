import Glibc

/// How a batch is cut into runs of plans for fewer rows.
///
/// Few rows a run, so that what one step writes is in a cache when the next one reads it; many, so that weights that no
/// cache holds are read for many of them, and what a step costs besides its work is shared. Threads take runs of their
/// own, without a barrier before the end, unless each of them would wait for the same weights to come from memory.
/// A row's results are the same bits in every cut.
package struct BatchCut: Sendable, Hashable {
    /// Rows of one run where each thread has its own.
    package let rows: Int

    /// Rows of one run whose steps all threads share out.
    package let sharedRows: Int

    /// Rows a thread from which threads take runs of their own; nil where they never do.
    package let apartFrom: Int?

    /// What the choice hangs on.
    package struct Traffic: Sendable, Hashable {
        /// Bytes of the values that each node reads and writes, for one row.
        package var nodes: [Int]
        /// Bytes of the constants that a run reads.
        package var constants: Int
        /// Nanoseconds of all steps on one thread, roughly, for one row.
        package var cost: Double

        package init(nodes: [Int], constants: Int, cost: Double) {
            self.nodes = nodes
            self.constants = constants
            self.cost = cost
        }
    }

    /// Sizes of the caches, in bytes.
    package struct Caches: Sendable, Hashable {
        /// Each core's own.
        package var near: Int
        /// The last before memory; others may use it as well.
        package var far: Int

        package init(near: Int, far: Int) {
            self.near = near
            self.far = far
        }

        /// What the system says, or what nearly every machine has.
        package static let ofThisMachine: Caches = {
            let size = { (name: Int32, otherwise: Int) in max(Int(sysconf(name)), otherwise) }
            return Caches(
                near: size(Int32(_SC_LEVEL2_CACHE_SIZE), 512 << 10),
                far: size(Int32(_SC_LEVEL3_CACHE_SIZE), 8 << 20)
            )
        }()
    }

    /// - Parameters:
    ///   - most: rows of a run that memory allows, all threads' runs together.
    package init(_ traffic: Traffic, threads: Int, most: Int, caches: Caches = .ofThisMachine) {
        let sizes = { (most: Int) in sequence(first: 1) { $0 * 2 <= most ? $0 * 2 : nil } }
        let best = { (runs: Int, perStep: Double) in
            let times = sizes(most / runs).map { rows in
                (rows: rows, time: Self.overhead(traffic, rows: rows, runs: runs, perStep: perStep, caches))
            }
            return times.min { $0.time < $1.time }?.rows ?? 1
        }
        sharedRows = best(1, threads == 1 ? Cost.step : Cost.barrier)
        rows = threads == 1 ? sharedRows : best(threads, Cost.step)
        guard threads > 1, most >= threads else {
            apartFrom = nil
            return
        }
        let weights = Self.reading(traffic.constants, caches) * (1 - 1 / Double(threads))
        apartFrom = sizes(rows).first { weights / Double($0) < Cost.sharingLoss * traffic.cost / Double(threads) }
    }

    /// Nanoseconds a row beside the work itself, roughly, where so many runs of so many rows go on at once.
    private static func overhead(
        _ traffic: Traffic,
        rows: Int,
        runs: Int,
        perStep: Double,
        _ caches: Caches
    ) -> Double {
        let moved = traffic.nodes.reduce(0.0) { sum, bytes in
            let isNear = bytes * rows <= caches.near
            // A quarter: values lie beside weights and what was read before, and others use this cache too.
            let isFar = bytes * rows * runs > caches.far / 4
            return sum + Double(bytes) * (isFar ? Cost.memoryByte : isNear ? 0 : Cost.cacheByte)
        }
        let once = reading(traffic.constants, caches) + Double(traffic.nodes.count) * perStep
        return moved + once / Double(rows)
    }

    /// Nanoseconds to read so many bytes that were read a run ago.
    private static func reading(_ bytes: Int, _ caches: Caches) -> Double {
        Double(bytes) * (bytes > caches.far / 2 ? Cost.memoryByte : bytes > caches.near ? Cost.cacheByte : 0)
    }

    /// The next of the rows that are left: so many rows a run, and runs at once.
    package func next(_ left: Int, threads: Int, isTapped: Bool) -> (rows: Int, runs: Int) {
        let share = left / threads
        if let apartFrom, !isTapped, share >= apartFrom {
            return (Self.even(share, atMost: rows), threads)
        }
        return (Self.even(left, atMost: sharedRows), 1)
    }

    /// The size of the parts where a number is cut evenly.
    private static func even(_ count: Int, atMost most: Int) -> Int {
        let parts = (count + most - 1) / most
        return (count + parts - 1) / parts
    }
}
