import PicketInference
import PicketTensor
import Testing

@Suite("A batch is cut")
struct BatchCutTests {
    private static let caches = BatchCut.Caches(near: 1 << 20, far: 32 << 20)

    /// What every row costs beside its work, as the choice sees it, and where it must come out.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var traffic: BatchCut.Traffic
        var threads = 1
        var most = 64
        var rows: ClosedRange<Int>
        var apartFrom: Int?

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "into few rows where values are large and weights small",
            traffic: .init(nodes: Array(repeating: 1 << 20, count: 50), constants: 10 << 20, cost: 6e6),
            rows: 1...2
        ),
        Case(
            name: "into many where weights come from memory",
            traffic: .init(nodes: Array(repeating: 1 << 20, count: 10), constants: 500 << 20, cost: 150e6),
            rows: 8...64
        ),
        Case(
            name: "into as many as fit the near cache where a row is small",
            traffic: .init(nodes: Array(repeating: 16 << 10, count: 10), constants: 1 << 20, cost: 1e5),
            rows: 32...64
        ),
        Case(
            name: "among threads from the first row each",
            traffic: .init(nodes: Array(repeating: 1 << 20, count: 50), constants: 10 << 20, cost: 6e6),
            threads: 2,
            rows: 1...2,
            apartFrom: 1
        ),
        Case(
            name: "among threads only where each reads its weights for several rows",
            traffic: .init(nodes: Array(repeating: 1 << 20, count: 10), constants: 500 << 20, cost: 150e6),
            threads: 2,
            rows: 4...32,
            apartFrom: 2
        ),
        Case(
            name: "into what memory allows",
            traffic: .init(nodes: [64], constants: 500 << 20, cost: 150e6),
            threads: 2,
            most: 7,
            rows: 2...2,
            apartFrom: 2
        ),
        Case(
            name: "for all threads together where memory allows no run for each",
            traffic: .init(nodes: [64], constants: 64, cost: 150e6),
            threads: 4,
            most: 3,
            rows: 1...1,
            apartFrom: nil
        ),
    ]

    @Test("by what a row costs beside its work", arguments: cases)
    func choice(_ example: Case) {
        let cut = BatchCut(
            example.traffic,
            threads: example.threads,
            most: example.most,
            caches: Self.caches
        )
        #expect(example.rows.contains(cut.rows), "\(cut)")
        #expect(cut.apartFrom == example.apartFrom)
    }

    @Test("into runs that cover it", arguments: 1...4, [1, 3, 64])
    func covering(threads: Int, most: Int) {
        let traffic = BatchCut.Traffic(nodes: [1 << 18, 1 << 19], constants: 1 << 20, cost: 1e6)
        let cut = BatchCut(traffic, threads: threads, most: most, caches: Self.caches)
        for rows in 1...70 {
            for isTapped in [false, true] {
                var left = rows
                while left > 0 {
                    let (count, runs) = cut.next(left, threads: threads, isTapped: isTapped)
                    #expect(count >= 1 && runs >= 1 && count * runs <= most && runs <= threads)
                    #expect(runs == 1 || !isTapped)
                    left -= count * runs
                    guard left >= 0 else {
                        Issue.record("\(rows) rows: \(cut) runs \(-left) too many")
                        return
                    }
                }
            }
        }
    }

    /// A row that cannot be run fails the batch, whichever thread has it, and the session goes on.
    @Test("and a fault in one run is the batch's", arguments: 0..<8)
    func faults(row: Int) throws {
        var builder = GraphBuilder()
        let x = builder.input("x", type: .int32, [.batch, .known(2)])
        let quotient = try builder.node("Div", [builder.constant(Tensor([Int32(12)], shape: Shape([1]))), x])
        let session = Session(
            try CompiledGraph(builder.finish([quotient]), kernels: KernelTable.selected()),
            threads: 2
        )
        let run = { (zero: Int?) in
            try session.run(rows: 8) { index, memory in
                memory[0].assumingMemoryBound(to: Int32.self).update(repeating: index == zero ? 0 : Int32(index + 1))
            }
        }
        let fault = #expect(throws: SessionFault.self) { try run(row) }
        #expect(fault?.description.contains("node 0") == true)
        #expect(try run(nil)[0].elements(of: Int32.self) == (1...8).flatMap { [12 / Int32($0), 12 / Int32($0)] })
    }
}
