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

    /// Adds the products.
    mutating func multiply(
        _ product: MatrixProduct,
        _ left: Source,
        _ right: PackedMatrix,
        output: ValueID
    ) throws(OperatorFault) {
        let kernel = right.kernel
        let packedBytes = kernel.packedBytes(depth: product.depth, columns: product.columns)
        let scratch = kernel.scratchBytes(rows: product.rows, columns: product.columns, depth: product.depth)
        let tile = kernel.columnTile
        // Rows are shared out where there are many, columns where there are few.
        let splitsRows = product.rows >= 64 || product.columns <= tile
        let parts = splitsRows ? (product.rows + 15) / 16 : (product.columns + tile - 1) / tile
        let work = Double(product.batchCount) * Double(product.rows) * Double(product.columns)
        try add(
            units: product.batchCount * parts,
            cost: work * Double(product.depth) * Cost.multiplyAdd,
            scratch: scratch
        ) { resolver throws(OperatorFault) in
            let (a, b) = (try resolver.address(left), try resolver.address(right.source))
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
                    kernel.run(&call, scratch: space.scratch)
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
