import CPicketKernels
import PicketTensor

/// Products of row-major matrices A (rows × depth) with packed matrices B (depth × columns), `batch` of them.
struct MatrixProduct: Sendable {
    /// A vector or matrix that is added.
    struct Addend: Sendable {
        enum Kind: Sendable {
            case columnBias
            case rowBias
            case residual
        }

        var kind: Kind
        var source: PlanBuilder.Source
    }

    var rows: Int
    var columns: Int
    var depth: Int
    /// Which A and which B each product of the batch takes.
    var batch: Broadcast?
    var batchCount = 1
    var addends: [Addend] = []
    var activation = Activation.none
}

extension PlanBuilder {
    /// A value, or memory of the step's own.
    enum Source: Sendable {
        case value(ValueID)
        case prepared(Address)
        case temporary(Temporary)
    }

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

    /// B in the kernel's layout: packed once where it is constant, else by a step of each pass.
    mutating func packMatrix(
        _ id: ValueID,
        constant: ConstantTensor?,
        layout: MatrixLayout
    ) throws(OperatorFault) -> Source {
        let kernels = kernels
        let each = kernels.functions.pointee.gemm_packed_bytes(layout.depth, layout.columns)
        let size = layout.depth * layout.columns
        let pack = { @Sendable (index: Int, plain: UnsafePointer<Float>, packed: UnsafeMutableRawPointer) in
            kernels.functions.pointee.gemm_pack(
                layout.depth,
                layout.columns,
                plain + index * size,
                layout.rowStride,
                layout.columnStride,
                (packed + index * each).assumingMemoryBound(to: Float.self)
            )
        }
        if let constant {
            let key = "gemm \(layout.count) \(layout.depth)x\(layout.columns) \(layout.rowStride) \(layout.scale)"
            return .prepared(
                try packed(id, layout: key, byteCount: each * layout.count) { () throws(OperatorFault) in
                    let buffer = AlignedBuffer(byteCount: each * layout.count)
                    Self.pack(constant, layout, into: buffer, kernels)
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
        _ kernels: KernelTable
    ) {
        let functions = kernels.functions.pointee
        let float = MemoryLayout<Float>.size
        let width = 8 * functions.gemm_column_tile
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
                    functions.gemm_pack(
                        layout.depth,
                        columns,
                        strip.floats(),
                        isTransposed ? 1 : columns,
                        isTransposed ? layout.depth : 1,
                        packed.assumingMemoryBound(to: Float.self)
                    )
                    packed += functions.gemm_packed_bytes(layout.depth, columns)
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

    /// Adds the products.
    mutating func multiply(
        _ product: MatrixProduct,
        _ left: Source,
        _ right: Source,
        output: ValueID
    ) throws(OperatorFault) {
        let kernels = kernels
        let functions = kernels.functions.pointee
        let packedBytes = functions.gemm_packed_bytes(product.depth, product.columns)
        let scratch = functions.gemm_scratch_bytes(product.rows, product.columns, product.depth)
        let tile = functions.gemm_column_tile
        // Rows are shared out where there are many, columns where there are few.
        let splitsRows = product.rows >= 64 || product.columns <= tile
        let parts = splitsRows ? (product.rows + 15) / 16 : (product.columns + tile - 1) / tile
        let work = Double(product.batchCount) * Double(product.rows) * Double(product.columns)
        try add(
            units: product.batchCount * parts,
            cost: work * Double(product.depth) * Cost.multiplyAdd,
            scratch: scratch
        ) { resolver throws(OperatorFault) in
            let (a, b) = (try resolver.address(left), try resolver.address(right))
            let c = try resolver.address(output)
            let find = { (kind: MatrixProduct.Addend.Kind) throws(OperatorFault) -> Address? in
                guard let addend = product.addends.first(where: { $0.kind == kind }) else { return nil }
                return try resolver.address(addend.source)
            }
            let (columnBias, rowBias) = (try find(.columnBias), try find(.rowBias))
            let residual = try find(.residual)
            let (alpha, beta) = product.activation.parameters
            return { space, units in
                var unit = units.lowerBound
                while unit < units.upperBound {
                    let (index, part) = (unit / parts, unit % parts)
                    let end = min(parts, part + units.upperBound - unit)
                    let (aIndex, bIndex) = product.batch?.positions(ofRun: index) ?? (index, index)
                    let rows = splitsRows ? part * 16..<min(end * 16, product.rows) : 0..<product.rows
                    let cIndex = index * product.rows + rows.lowerBound
                    var call = picket_gemm(
                        rows: rows.count,
                        columns: product.columns,
                        depth: product.depth,
                        a: a.floats(space) + (aIndex * product.rows + rows.lowerBound) * product.depth,
                        a_row_stride: product.depth,
                        packed_b: (b.raw(space) + bIndex * packedBytes).assumingMemoryBound(to: Float.self),
                        c: c.mutableFloats(space) + cIndex * product.columns,
                        c_row_stride: product.columns,
                        column_bias: columnBias?.floats(space),
                        row_bias: rowBias.map { $0.floats(space) + rows.lowerBound },
                        residual: residual.map { $0.floats(space) + cIndex * product.columns },
                        residual_row_stride: product.columns,
                        activation: product.activation.kernel,
                        alpha: alpha,
                        beta: beta,
                        column_begin: splitsRows ? 0 : part * tile,
                        column_end: splitsRows ? product.columns : min(end * tile, product.columns)
                    )
                    kernels.functions.pointee.gemm(&call, space.scratch)
                    unit += end - part
                }
            }
        }
    }
}

extension PlanBuilder.Resolver {
    func address(_ source: PlanBuilder.Source) throws(OperatorFault) -> Address {
        switch source {
        case .value(let id): try address(id)
        case .prepared(let address): address
        case .temporary(let temporary): address(temporary)
        }
    }
}

extension Broadcast {
    /// The positions of both operands' elements for one element of the result.
    func positions(ofRun index: Int) -> (left: Int, right: Int) {
        var (rest, left, right) = (index, 0, 0)
        for axis in stride(from: extents.count - 1, through: 0, by: -1) {
            let position = rest % extents[axis]
            rest /= extents[axis]
            left += position * leftStrides[axis]
            right += position * rightStrides[axis]
        }
        return (left, right)
    }
}
