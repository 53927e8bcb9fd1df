/// Copies elements whose place in the source is given axis by axis by a table; places outside the source are filled: what
/// padding and resizing to the nearest pixel come down to.
///
/// The tables are made once; a run allocates nothing.
struct MappedCopy: Sendable {
    /// What stands in a table for a place outside of the source.
    static let outside = Int32(-1)

    /// Targets of the innermost table that follow one another.
    private struct Run: Sendable {
        var target: Int
        var count: Int
        /// The first one's place in the source, or ``MappedCopy/outside``.
        var source: Int32
    }

    /// Places in the source by axis and place in the target, without the axes that are copied as blocks.
    private let maps: [[Int32]]
    /// Bytes between neighbours of the source, by axis.
    private let strides: [Int]
    private let extents: [Int]
    /// The innermost table as runs; empty where most of them would be single entries.
    private let runs: [Run]
    /// Bytes of one entry of the innermost table.
    private let block: Int
    private let fill: [UInt8]
    private let elementBytes: Int

    /// - Parameters:
    ///   - maps: for each axis the place in the source of every place in the target, or ``outside``.
    ///   - shape: the source's extents.
    ///   - fill: the bytes of one element.
    init(maps: [[Int32]], shape: [Int], elementBytes: Int, fill: [UInt8]) {
        self.fill = fill
        self.elementBytes = elementBytes
        // Inner axes that stay as they are move in one piece.
        var mapped = maps.count
        while mapped > 0, maps[mapped - 1].count == shape[mapped - 1],
            maps[mapped - 1].enumerated().allSatisfy({ $0.offset == Int($0.element) })
        {
            mapped -= 1
        }
        block = shape[mapped...].reduce(elementBytes, *)
        // Without an axis there is one entry.
        self.maps = mapped > 0 ? Array(maps[..<mapped]) : [[0]]
        extents = self.maps.map(\.count)
        strides = mapped > 0 ? StridedCopy.rowMajor(shape)[..<mapped].map { $0 * elementBytes } : [0]
        runs = Self.runs(self.maps[self.maps.count - 1])
    }

    private static func runs(_ map: [Int32]) -> [Run] {
        var runs: [Run] = []
        for (place, source) in map.enumerated() {
            if let last = runs.last {
                let next = last.source == outside ? outside : last.source + Int32(last.count)
                if next == source {
                    runs[runs.count - 1].count += 1
                    continue
                }
            }
            guard runs.count < 64 + map.count / 8 else { return [] }
            runs.append(Run(target: place, count: 1, source: source))
        }
        return runs
    }

    /// Lines of the target, which are independent of each other.
    var lines: Int { block == 0 || extents.contains(0) ? 0 : extents.dropLast().reduce(1, *) }

    /// Bytes of one line.
    private var lineBytes: Int { extents[extents.count - 1] * block }

    /// Writes some of the lines.
    ///
    /// - Parameter given: the fill's bytes where they are not known before a run.
    func run(
        from: UnsafeRawPointer,
        to: UnsafeMutableRawPointer,
        lines: Range<Int>,
        fill given: UnsafeRawPointer? = nil
    ) {
        guard !lines.isEmpty else { return }
        fill.withUnsafeBytes { bytes in
            guard let fill = given ?? bytes.baseAddress else { return }
            run(from, to, lines, fill)
        }
    }

    private func run(
        _ from: UnsafeRawPointer,
        _ to: UnsafeMutableRawPointer,
        _ lines: Range<Int>,
        _ fill: UnsafeRawPointer
    ) {
        let outer = extents.count - 1
        var walk = BoxWalk(extents: extents, axes: outer, at: lines.lowerBound)
        var (previous, written): (Int?, UnsafeMutableRawPointer?) = (nil, nil)
        for line in lines {
            var source: Int? = 0
            for axis in 0..<outer {
                let place = maps[axis][walk[axis]]
                guard let before = source, place != Self.outside else {
                    source = nil
                    break
                }
                source = before + Int(place) * strides[axis]
            }
            let target = to + line * lineBytes
            if let source {
                if source == previous, let written {
                    // An enlarged picture repeats its lines.
                    target.copyMemory(from: written, byteCount: lineBytes)
                } else {
                    write(from + source, target, fill)
                    (previous, written) = (source, target)
                }
            } else {
                pad(target, lineBytes, fill)
            }
            walk.advance(extents)
        }
    }

    private func write(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ fill: UnsafeRawPointer) {
        guard runs.isEmpty else {
            for run in runs {
                let target = to + run.target * block
                if run.source == Self.outside {
                    pad(target, run.count * block, fill)
                } else {
                    target.copyMemory(from: from + Int(run.source) * block, byteCount: run.count * block)
                }
            }
            return
        }
        maps[maps.count - 1].withUnsafeBufferPointer { map in
            // One element is a load and a store, not a call.
            switch block {
            case 1: gather(UInt8.self, map, from, to, fill)
            case 2: gather(UInt16.self, map, from, to, fill)
            case 4: gather(UInt32.self, map, from, to, fill)
            case 8: gather(UInt64.self, map, from, to, fill)
            default:
                for (place, source) in map.enumerated() {
                    if source == Self.outside {
                        pad(to + place * block, block, fill)
                    } else {
                        (to + place * block).copyMemory(from: from + Int(source) * block, byteCount: block)
                    }
                }
            }
        }
    }

    /// Entries of one size, which need not be one element's: no access is assumed to be aligned.
    @inline(__always)
    private func gather<Entry: BitwiseCopyable>(
        _ type: Entry.Type,
        _ map: UnsafeBufferPointer<Int32>,
        _ from: UnsafeRawPointer,
        _ to: UnsafeMutableRawPointer,
        _ fill: UnsafeRawPointer
    ) {
        let size = MemoryLayout<Entry>.size
        for place in map.indices {
            let source = Int(map[place])
            if source >= 0 {
                let entry = (from + source * size).loadUnaligned(as: Entry.self)
                (to + place * size).storeBytes(of: entry, as: Entry.self)
            } else {
                pad(to + place * size, size, fill)
            }
        }
    }

    private func pad(_ target: UnsafeMutableRawPointer, _ bytes: Int, _ fill: UnsafeRawPointer) {
        switch elementBytes {
        case 1: target.initializeMemory(as: UInt8.self, repeating: fill.load(as: UInt8.self), count: bytes)
        case 2: repeating(fill.loadUnaligned(as: UInt16.self), target, bytes)
        case 4: repeating(fill.loadUnaligned(as: UInt32.self), target, bytes)
        default: repeating(fill.loadUnaligned(as: UInt64.self), target, bytes)
        }
    }

    private func repeating<Element: BitwiseCopyable>(
        _ element: Element,
        _ target: UnsafeMutableRawPointer,
        _ bytes: Int
    ) {
        target.initializeMemory(as: Element.self, repeating: element, count: bytes / MemoryLayout<Element>.size)
    }

    /// The movement from operand 0 to the result.
    func movement(bytes: Int) -> Movement {
        let each = max(1, lines / 64)
        return Movement(
            units: max((lines + each - 1) / each, 1),
            cost: Double(bytes) * Cost.copiedByte + Double(runs.count * lines)
        ) { memory, units in
            run(
                from: memory.operand(0),
                to: memory.result,
                lines: min(units.lowerBound * each, lines)..<min(units.upperBound * each, lines)
            )
        }
    }
}
