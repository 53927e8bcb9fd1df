/// Copies a box of elements that lie at even distances into another such box: what most data movement comes down to.
///
/// Pure geometry, worked out once; a run allocates nothing.
struct StridedCopy: Sendable {
    private var extents: [Int] = []
    private var strides: [Int] = []
    private var targetStrides: [Int] = []
    /// The first element of the source and of the target.
    private let offset: Int
    private let targetOffset: Int
    /// Where there are some, float32-sized elements are transposed by their kernel.
    var kernels: KernelTable?

    /// - Parameters:
    ///   - extents: of the box, outermost first.
    ///   - strides: of the source along each axis, in elements; 0 repeats, negative ones turn around.
    ///   - offset: of the source's first element.
    ///   - targetStrides: nil for a row-major target.
    ///   - targetOffset: of the target's first element.
    init(
        extents: [Int],
        strides: [Int],
        offset: Int = 0,
        targetStrides: [Int]? = nil,
        targetOffset: Int = 0
    ) {
        self.offset = offset
        self.targetOffset = targetOffset
        let targets = targetStrides ?? Self.rowMajor(extents)
        for axis in extents.indices where extents[axis] != 1 {
            let (extent, stride, target) = (extents[axis], strides[axis], targets[axis])
            // Axes that lie behind one another on both sides become one.
            if let last = self.extents.last, self.strides[self.strides.count - 1] == stride * extent,
                self.targetStrides[self.strides.count - 1] == target * extent
            {
                self.extents[self.extents.count - 1] = last * extent
                self.strides[self.strides.count - 1] = stride
                self.targetStrides[self.targetStrides.count - 1] = target
            } else {
                self.extents.append(extent)
                self.strides.append(stride)
                self.targetStrides.append(target)
            }
        }
        swapForLocality()
    }

    /// Elements between neighbours of a row-major box.
    static func rowMajor(_ extents: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: extents.count)
        for axis in extents.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * max(extents[axis + 1], 1)
        }
        return strides
    }

    /// Where the source runs along another axis than the target, brings that axis next to the innermost one, so that the two
    /// are copied as a transposed matrix, block by block.
    private mutating func swapForLocality() {
        let inner = extents.count - 1
        guard inner > 0, targetStrides[inner] == 1, strides[inner] != 1,
            let axis = strides[..<inner].lastIndex(of: 1), axis != inner - 1
        else { return }
        extents.insert(extents.remove(at: axis), at: inner - 1)
        strides.insert(strides.remove(at: axis), at: inner - 1)
        targetStrides.insert(targetStrides.remove(at: axis), at: inner - 1)
    }

    /// Whether the two innermost axes are a transposed matrix.
    private var isTransposed: Bool {
        let inner = extents.count - 1
        return inner > 0 && targetStrides[inner] == 1 && strides[inner - 1] == 1 && strides[inner] != 1
            && strides[inner] != 0
    }

    /// Elements that are copied.
    var elementCount: Int { extents.reduce(1, *) }

    /// Independent parts of the work, in the order of the outermost axes.
    var parts: Int { extents.contains(0) ? 0 : extents.dropLast(isTransposed ? 2 : 1).reduce(1, *) }

    func run(from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, elementBytes: Int) {
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        run(from: from, to: to, elementBytes: elementBytes, parts: 0..<parts)
    }

    /// Copies some of the parts.
    func run(from: UnsafeRawPointer, to: UnsafeMutableRawPointer, elementBytes: Int, parts: Range<Int>) {
        guard !parts.isEmpty else { return }
        // Memory is aligned for its elements, so that the cast to an integer of the size is sound.
        switch elementBytes {
        case 1: copy(from.assumingMemoryBound(to: UInt8.self), to.assumingMemoryBound(to: UInt8.self), parts)
        case 2: copy(from.assumingMemoryBound(to: UInt16.self), to.assumingMemoryBound(to: UInt16.self), parts)
        case 4: copy(from.assumingMemoryBound(to: UInt32.self), to.assumingMemoryBound(to: UInt32.self), parts)
        default: copy(from.assumingMemoryBound(to: UInt64.self), to.assumingMemoryBound(to: UInt64.self), parts)
        }
    }

    private func copy<Element: BitwiseCopyable>(
        _ from: UnsafePointer<Element>,
        _ to: UnsafeMutablePointer<Element>,
        _ parts: Range<Int>
    ) {
        let outer = extents.count - (isTransposed ? 2 : min(extents.count, 1))
        var walk = BoxWalk(extents: extents, axes: outer, at: parts.lowerBound)
        for _ in parts {
            var (source, goal) = (offset, targetOffset)
            for axis in 0..<outer {
                source += walk[axis] * strides[axis]
                goal += walk[axis] * targetStrides[axis]
            }
            if outer == extents.count {
                to[goal] = from[source]
            } else if isTransposed {
                transposed(from + source, to + goal)
            } else {
                line(from + source, to + goal)
            }
            walk.advance(extents)
        }
    }

    /// The innermost axis.
    @inline(__always)
    private func line<Element: BitwiseCopyable>(_ from: UnsafePointer<Element>, _ to: UnsafeMutablePointer<Element>) {
        let inner = extents.count - 1
        let (count, step, goal) = (extents[inner], strides[inner], targetStrides[inner])
        if goal == 1, step == 1 {
            to.update(from: from, count: count)
        } else if goal == 1, step == 0 {
            to.update(repeating: from.pointee, count: count)
        } else {
            for index in 0..<count { to[index * goal] = from[index * step] }
        }
    }

    private func transposed<Element: BitwiseCopyable>(
        _ from: UnsafePointer<Element>,
        _ to: UnsafeMutablePointer<Element>
    ) {
        let inner = extents.count - 1
        guard let kernels, MemoryLayout<Element>.size == 4, strides[inner] > 0, targetStrides[inner - 1] > 0 else {
            return transpose(from, to)
        }
        // The kernel moves bits and looks at none of them, so that any four bytes may pass as a float.
        kernels.functions.pointee.transpose(
            extents[inner],
            extents[inner - 1],
            UnsafeRawPointer(from).assumingMemoryBound(to: Float.self),
            strides[inner],
            UnsafeMutableRawPointer(to).assumingMemoryBound(to: Float.self),
            targetStrides[inner - 1]
        )
    }

    /// The two innermost axes, where the source runs along the outer one: in blocks that fit into the nearest cache.
    private func transpose<Element: BitwiseCopyable>(
        _ from: UnsafePointer<Element>,
        _ to: UnsafeMutablePointer<Element>
    ) {
        let inner = extents.count - 1
        let (rows, columns, step, goal) = (extents[inner - 1], extents[inner], strides[inner], targetStrides[inner - 1])
        let block = 16
        for row in stride(from: 0, to: rows, by: block) {
            let lastRow = min(row + block, rows)
            for column in stride(from: 0, to: columns, by: block) {
                let lastColumn = min(column + block, columns)
                for i in row..<lastRow {
                    let line = to + i * goal
                    for j in column..<lastColumn { line[j] = from[j * step + i] }
                }
            }
        }
    }
}

/// A position that walks through a box in row-major order, without memory of its own.
struct BoxWalk {
    /// Twice the axes that a shape may have: a tiled axis is two.
    static let maximumAxes = 32

    private var position = InlineArray<32, Int>(repeating: 0)
    private let axes: Int

    /// - Parameter axes: how many of the outermost ones are walked.
    init(extents: [Int], axes: Int, at start: Int = 0) {
        precondition(axes <= Self.maximumAxes, "a box has at most \(Self.maximumAxes) axes")
        self.axes = axes
        var rest = start
        for axis in stride(from: axes - 1, through: 0, by: -1) where extents[axis] > 0 {
            position[axis] = rest % extents[axis]
            rest /= extents[axis]
        }
    }

    subscript(axis: Int) -> Int { position[axis] }

    /// The next position; after the last comes the first.
    @inline(__always)
    mutating func advance(_ extents: [Int]) {
        var axis = axes - 1
        while axis >= 0 {
            position[axis] += 1
            if position[axis] < extents[axis] { return }
            position[axis] = 0
            axis -= 1
        }
    }
}
