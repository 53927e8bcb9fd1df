import Foundation
import PicketRuntime
import Synchronization
import Testing

@Suite struct ExecutorTests {
    @Test(
        arguments: [
            (1, 4, 1, 64, [0..<1]), (8, 2, 4, 64, [0..<4, 4..<8]), (7, 2, 4, 64, [0..<7]),
            (130, 1, 1, 64, [0..<43, 43..<86, 86..<130]), (3, 8, 1, 64, [0..<1, 1..<2, 2..<3]),
        ] as [(Int, Int, Int, Int, [Range<Int>])]
    )
    func cutsAPass(rows: Int, threads: Int, smallest: Int, largest: Int, ranges: [Range<Int>]) {
        #expect(Shares(rows: rows, threads: threads, smallest: smallest, largest: largest).ranges == ranges)
    }

    @Test func sharesCoverEveryRowOnce() {
        for rows in 1...200 {
            for threads in 1...5 {
                let ranges = Shares(rows: rows, threads: threads, smallest: 3, largest: 17).ranges
                #expect(ranges.flatMap { Array($0) } == Array(0..<rows))
                #expect(ranges.allSatisfy { $0.count <= 17 })
            }
        }
    }

    @Test func everyJobRunsOnceAndClosingWaitsForThem() {
        let pool = WorkerPool<Int>(threadCount: 3) { 0 }
        let count = Atomic<Int>(0)
        for _ in 0..<5000 {
            #expect(pool.submit { _ in count.add(1, ordering: .relaxed) })
        }
        pool.close()
        #expect(count.load(ordering: .relaxed) == 5000)
        #expect(!pool.submit { _ in }, "a closed pool takes no job")
    }

    @Test func threadsKeepTheirState() {
        let pool = WorkerPool<Int>(threadCount: 1) { 0 }
        let seen = Mutex<[Int]>([])
        for _ in 0..<3 {
            _ = pool.submit { state in
                state += 1
                let value = state
                seen.withLock { $0.append(value) }
            }
        }
        pool.close()
        #expect(seen.withLock { $0 } == [1, 2, 3])
    }

    @Test func admissionBoundsTheRows() {
        var admission = Admission(limit: 10)
        #expect(admission.admit(rows: 11) == .tooLarge)
        #expect(admission.admit(rows: 6) == .admitted)
        #expect(admission.admit(rows: 5) == .queueFull(waiting: 6))
        #expect(admission.admit(rows: 4) == .admitted)
        admission.release(rows: 6)
        #expect(admission.admit(rows: 5) == .admitted)
        admission.close()
        #expect(admission.admit(rows: 1) == .closed)
        #expect(admission.waiting == 9)
    }

    @Test func admissionTrapsOnRowsThatWereNeverLetIn() async {
        await #expect(processExitsWith: .failure) {
            var admission = Admission(limit: 1)
            admission.release(rows: 1)
        }
    }
}
