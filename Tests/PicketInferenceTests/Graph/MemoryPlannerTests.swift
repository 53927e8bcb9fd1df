import PicketInference
import Testing

@Suite("The memory planner")
struct MemoryPlannerTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private func lives(_ left: MemoryPlanner.Request, with right: MemoryPlanner.Request) -> Bool {
        left.firstStep <= right.lastStep && right.firstStep <= left.lastStep
    }

    @Test("never lets two buffers that live at once overlap", arguments: 0..<200)
    func disjoint(seed: Int) {
        var generator = Generator(state: UInt64(seed) * 7919 + 1)
        let requests = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
            let first = Int.random(in: 0..<30, using: &generator)
            return MemoryPlanner.Request(
                byteCount: Int.random(in: 0...5000, using: &generator),
                firstStep: first,
                lastStep: first + Int.random(in: 0...10, using: &generator)
            )
        }
        let layout = MemoryPlanner.place(requests)
        for (index, request) in requests.enumerated() {
            #expect(layout.offsets[index] % MemoryPlanner.alignment == 0)
            #expect(layout.offsets[index] + request.byteCount <= layout.byteCount)
            for other in requests.indices.dropFirst(index + 1) where lives(request, with: requests[other]) {
                let before = layout.offsets[index] + request.byteCount <= layout.offsets[other]
                let behind = layout.offsets[other] + requests[other].byteCount <= layout.offsets[index]
                #expect(before || behind, "\(request) at \(layout.offsets[index]), \(requests[other])")
            }
        }
        let total = requests.reduce(0) { $0 + max(($1.byteCount + 63) / 64, 1) * 64 }
        #expect(layout.byteCount <= total)
    }

    @Test("gives a chain the memory of its widest two neighbours")
    func chain() {
        let sizes = [640, 6400, 1280, 6400, 64, 128]
        let requests = sizes.enumerated().map { index, size in
            MemoryPlanner.Request(byteCount: size, firstStep: index, lastStep: index + 1)
        }
        #expect(MemoryPlanner.place(requests).byteCount == 6400 + 1280)
    }

    @Test("of nothing is nothing")
    func empty() {
        #expect(MemoryPlanner.place([]) == MemoryPlanner.Layout(offsets: [], byteCount: 0))
    }
}
