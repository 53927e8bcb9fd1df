import Glibc
import PicketTensor

/// Pooling over one to three spatial axes of any type of number, one element after the other: the forms that have no
/// kernel (three axes, indices, other types than float32, powers).
struct VolumePooling: FormatVisitor {
    enum Kind: Sendable {
        /// The largest element; NaN is larger than every number. Indices count in the whole operand, its spatial axes in
        /// row-major order, or the first one fastest.
        case maximum(firstAxisFastest: Bool)
        case average(countsPadding: Bool)
        /// (Σ |x|^p)^(1/p)
        case power(Double)
    }

    let window: VolumeWindow
    let planes: Int
    let kind: Kind

    /// - Parameter input: [N, C, …].
    init(_ geometry: Window.Geometry, _ input: Shape, _ kind: Kind) {
        window = VolumeWindow(geometry)
        planes = input[0] * input[1]
        self.kind = kind
    }

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let this = self
        let (inPlane, outPlane) = (window.inputPlane, window.outputPlane)
        let cost = Double(planes) * Double(outPlane) * Double(window.kernelTaps) * 4 * Cost.element
        return Movement(units: max(planes, 1), cost: cost) { memory, units in
            for plane in units.clamped(to: 0..<this.planes) {
                let x = memory.operand(0, as: Format.Stored.self) + plane * inPlane
                let y = memory.wanted(0).map { $0.assumingMemoryBound(to: Format.Stored.self) + plane * outPlane }
                switch this.kind {
                case .maximum(let firstAxisFastest):
                    let places = memory.wanted(1).map { $0.assumingMemoryBound(to: Int64.self) + plane * outPlane }
                    for index in 0..<outPlane {
                        let place = this.largest(x, index, Format.self)
                        y?[index] = x[place]
                        places?[index] = Int64(plane * inPlane + this.counted(place, firstAxisFastest))
                    }
                case .average(let countsPadding):
                    for index in 0..<outPlane { y?[index] = this.mean(x, index, countsPadding, Format.self) }
                case .power(let power):
                    for index in 0..<outPlane { y?[index] = this.norm(x, index, power, Format.self) }
                }
            }
        }
    }

    @inline(__always)
    private func largest<Format: NumberFormat>(
        _ x: UnsafePointer<Format.Stored>,
        _ index: Int,
        _: Format.Type
    ) -> Int {
        // The shape rule has made sure that a window has an element at least.
        var best: (place: Int, number: Format.Number)?
        window.forEachTap(at: index) { place, _ in
            let number = Format.load(x[place])
            if let found = best {
                guard !Format.isNaN(found.number), Format.isNaN(number) || number > found.number else { return }
            }
            best = (place, number)
        }
        return best?.place ?? 0
    }

    private func counted(_ place: Int, _ firstAxisFastest: Bool) -> Int {
        guard firstAxisFastest else { return place }
        let extents = window.geometry.input
        let (z, y, x) = (place / (extents[1] * extents[2]), place / extents[2] % extents[1], place % extents[2])
        return z + extents[0] * (y + extents[1] * x)
    }

    @inline(__always)
    private func mean<Format: NumberFormat>(
        _ x: UnsafePointer<Format.Stored>,
        _ index: Int,
        _ countsPadding: Bool,
        _: Format.Type
    ) -> Format.Stored {
        var sum = 0.0
        window.forEachTap(at: index) { place, _ in sum += Format.double(Format.load(x[place])) }
        let (depth, row, column) = window.taps(at: index)
        let count =
            countsPadding ? depth.padded * row.padded * column.padded : depth.count * row.count * column.count
        return Format.store(Format.number(sum / Double(count)))
    }

    @inline(__always)
    private func norm<Format: NumberFormat>(
        _ x: UnsafePointer<Format.Stored>,
        _ index: Int,
        _ power: Double,
        _: Format.Type
    ) -> Format.Stored {
        var sum = 0.0
        window.forEachTap(at: index) { place, _ in
            let magnitude = abs(Format.double(Format.load(x[place])))
            sum += power == 2 ? magnitude * magnitude : power == 1 ? magnitude : pow(magnitude, power)
        }
        let root = power == 2 ? sum.squareRoot() : power == 1 ? sum : pow(sum, 1 / power)
        return Format.store(Format.number(root))
    }
}
