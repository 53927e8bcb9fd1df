/// Copies elements that lie apart into a row-major result.
struct StridedCopy {
    private var extents: [Int] = []
    private var strides: [Int] = []

    /// - Parameters:
    ///   - extents: of the result, outermost first.
    ///   - strides: of the source along each of the result's axes, in elements.
    init(extents: [Int], strides: [Int]) {
        for (extent, stride) in zip(extents, strides) where extent != 1 {
            // Axes that lie behind one another become one.
            if let outer = self.strides.last, let last = self.extents.last, outer == stride * extent {
                self.extents[self.extents.count - 1] = last * extent
                self.strides[self.strides.count - 1] = stride
            } else {
                self.extents.append(extent)
                self.strides.append(stride)
            }
        }
    }

    func run(from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, elementBytes: Int) {
        guard !extents.contains(0), let from = source.baseAddress, let to = target.baseAddress else { return }
        // Memory is aligned for its elements, so that the cast to an integer of the size is sound.
        switch elementBytes {
        case 1: copy(from.assumingMemoryBound(to: UInt8.self), to.assumingMemoryBound(to: UInt8.self))
        case 2: copy(from.assumingMemoryBound(to: UInt16.self), to.assumingMemoryBound(to: UInt16.self))
        case 4: copy(from.assumingMemoryBound(to: UInt32.self), to.assumingMemoryBound(to: UInt32.self))
        default: copy(from.assumingMemoryBound(to: UInt64.self), to.assumingMemoryBound(to: UInt64.self))
        }
    }

    private func copy<Element: BitwiseCopyable>(_ from: UnsafePointer<Element>, _ to: UnsafeMutablePointer<Element>) {
        guard let inner = extents.last, let step = strides.last else {
            to.pointee = from.pointee
            return
        }
        var indices = [Int](repeating: 0, count: extents.count - 1)
        var offset = 0
        var target = to
        while true {
            if step == 1 {
                target.update(from: from + offset, count: inner)
            } else {
                for index in 0..<inner { target[index] = from[offset + index * step] }
            }
            target += inner
            var axis = indices.count - 1
            while axis >= 0 {
                indices[axis] += 1
                offset += strides[axis]
                if indices[axis] < extents[axis] { break }
                offset -= strides[axis] * extents[axis]
                indices[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
