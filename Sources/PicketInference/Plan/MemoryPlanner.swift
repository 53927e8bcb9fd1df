/// Places buffers with known lifetimes into one arena, so that no two that live at once overlap.
///
/// Greedy by size: the largest first, each at the lowest offset where it meets no buffer of an overlapping lifetime.
/// (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020.)
package enum MemoryPlanner {
    /// A buffer: its size, and the first and last step that touch it, both inclusive.
    package struct Request: Sendable, Hashable {
        package var byteCount: Int
        package var firstStep: Int
        package var lastStep: Int

        package init(byteCount: Int, firstStep: Int, lastStep: Int) {
            self.byteCount = byteCount
            self.firstStep = firstStep
            self.lastStep = lastStep
        }
    }

    /// Every buffer's offset, and the arena's size.
    package struct Layout: Sendable, Hashable {
        package var offsets: [Int]
        package var byteCount: Int

        package init(offsets: [Int], byteCount: Int) {
            self.offsets = offsets
            self.byteCount = byteCount
        }
    }

    /// Offsets are multiples of this.
    package static let alignment = AlignedBuffer.alignment

    package static func place(_ requests: [Request]) -> Layout {
        var offsets = [Int](repeating: 0, count: requests.count)
        var arena = 0
        var placed: [Int] = []
        let order = requests.indices.sorted {
            (requests[$1].byteCount, requests[$0].firstStep, $0) < (requests[$0].byteCount, requests[$1].firstStep, $1)
        }
        for index in order {
            let request = requests[index]
            let size = rounded(request.byteCount)
            var offset = 0
            // `placed` is sorted by offset: walk up until a gap is wide enough.
            for other in placed {
                let taken = requests[other]
                guard taken.firstStep <= request.lastStep, request.firstStep <= taken.lastStep else { continue }
                if offset + size <= offsets[other] { break }
                offset = max(offset, offsets[other] + rounded(taken.byteCount))
            }
            offsets[index] = offset
            arena = max(arena, offset + size)
            let position = placed.firstIndex { offsets[$0] > offset } ?? placed.endIndex
            placed.insert(index, at: position)
        }
        return Layout(offsets: offsets, byteCount: arena)
    }

    private static func rounded(_ byteCount: Int) -> Int {
        (max(byteCount, 1) + alignment - 1) / alignment * alignment
    }
}
