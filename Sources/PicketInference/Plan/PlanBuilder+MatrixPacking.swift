import CPicketKernels
import PicketTensor

// How matrices come into a kernel's layout.
extension PlanBuilder {
    /// How the matrix B lies in memory, element (k, j) at k · rowStride + j · columnStride.
    struct MatrixLayout: Sendable {
        var depth: Int
        var columns: Int
        var rowStride: Int
        var columnStride: Int
        /// Matrices, one behind the other.
        var count = 1
        /// Multiplied into every element.
        var scale: Float = 1
    }

    /// B in a kernel's layout.
    struct PackedMatrix: Sendable {
        var source: Source
        var kernel: MatrixKernel
    }

    /// B in the layout of the precision's kernel: packed once where it is constant, else by a step of each pass.
    mutating func packMatrix(
        _ id: ValueID,
        constant: ConstantTensor?,
        layout: MatrixLayout
    ) throws(OperatorFault) -> PackedMatrix {
        let kernel = constant == nil ? kernels.float32Products : kernels.constantProducts
        let source = try packMatrix(id, constant: constant, layout: layout, for: kernel)
        return PackedMatrix(source: source, kernel: kernel)
    }

    /// B in a kernel's layout: packed once where it is constant, else by a step of each pass.
    mutating func packMatrix(
        _ id: ValueID,
        constant: ConstantTensor?,
        layout: MatrixLayout,
        for kernel: MatrixKernel
    ) throws(OperatorFault) -> Source {
        let each = kernel.packedBytes(depth: layout.depth, columns: layout.columns)
        let size = layout.depth * layout.columns
        let pack = { @Sendable (index: Int, plain: UnsafePointer<Float>, packed: UnsafeMutableRawPointer) in
            kernel.pack(
                depth: layout.depth,
                columns: layout.columns,
                plain + index * size,
                rowStride: layout.rowStride,
                columnStride: layout.columnStride,
                into: packed + index * each
            )
        }
        if let constant {
            let shape = "\(layout.count) \(layout.depth)x\(layout.columns) \(layout.rowStride) \(layout.scale)"
            let key = "\(kernel.packing) \(shape)"
            return .prepared(
                try packed(id, layout: key, byteCount: each * layout.count) { () throws(OperatorFault) in
                    let buffer = AlignedBuffer(byteCount: each * layout.count)
                    Self.pack(constant, layout, into: buffer, kernel)
                    constant.release()
                    return buffer
                }
            )
        }
        let target = temporary(byteCount: each * layout.count)
        let scratch = layout.scale == 1 ? 0 : size * 4
        try add(units: layout.count, cost: Double(each * layout.count) * Cost.copiedByte, scratch: scratch) {
            resolver throws(OperatorFault) in
            let (source, packed) = (try resolver.address(id), resolver.address(target))
            return { space, units in
                for index in units {
                    if layout.scale == 1 {
                        pack(index, source.floats(space), packed.mutable(space))
                    } else {
                        let scaled = space.scratch.assumingMemoryBound(to: Float.self)
                        let plain = source.floats(space) + index * size
                        for element in 0..<size { scaled[element] = plain[element] * layout.scale }
                        pack(0, UnsafePointer(scaled), packed.mutable(space) + index * each)
                    }
                }
            }
        }
        return .temporary(target)
    }

    /// Packs a constant some columns at a time, so that it is never in memory a second time.
    private static func pack(
        _ constant: ConstantTensor,
        _ layout: MatrixLayout,
        into buffer: AlignedBuffer,
        _ kernel: MatrixKernel
    ) {
        let float = MemoryLayout<Float>.size
        let width = 8 * kernel.columnTile
        let strip = AlignedBuffer(byteCount: layout.depth * width * float)
        let isTransposed = layout.rowStride == 1 && layout.columnStride == layout.depth
        precondition(isTransposed || layout.columnStride == 1, "a matrix lies by rows or by columns")
        var packed = buffer.base
        constant.withUnsafeBytes { bytes in
            guard let matrices = bytes.baseAddress else { return }
            for index in 0..<layout.count {
                let matrix = matrices + index * layout.depth * layout.columns * float
                for begin in stride(from: 0, to: layout.columns, by: width) {
                    let columns = min(width, layout.columns - begin)
                    // Runs of a constant need not be aligned, so they are copied as bytes; all lie inside it.
                    if isTransposed {
                        let run = columns * layout.depth * float
                        strip.base.copyMemory(from: matrix + begin * layout.depth * float, byteCount: run)
                    } else {
                        for k in 0..<layout.depth {
                            (strip.base + k * columns * float).copyMemory(
                                from: matrix + (k * layout.rowStride + begin) * float,
                                byteCount: columns * float
                            )
                        }
                    }
                    if layout.scale != 1 {
                        for element in 0..<columns * layout.depth { strip.floats()[element] *= layout.scale }
                    }
                    kernel.pack(
                        depth: layout.depth,
                        columns: columns,
                        strip.floats(),
                        rowStride: isTransposed ? 1 : columns,
                        columnStride: isTransposed ? layout.depth : 1,
                        into: packed
                    )
                    packed += kernel.packedBytes(depth: layout.depth, columns: columns)
                }
            }
        }
    }

    /// A float32 constant multiplied by a number, in memory of its own.
    static func scaled(_ constant: ConstantTensor, by scale: Float) -> AlignedBuffer {
        let plain = AlignedBuffer(byteCount: constant.byteCount)
        constant.withUnsafeBytes { plain.bytes.copyMemory(from: $0) }
        if scale != 1 {
            let floats = plain.floats()
            for index in 0..<constant.shape.elementCount { floats[index] *= scale }
        }
        return plain
    }
}
