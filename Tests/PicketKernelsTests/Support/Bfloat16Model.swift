import Testing

/// What the bfloat16 kernels compute, one number after the other in plain arithmetic of float32.
enum Bfloat16Model {
    /// Eight significant bits: to the nearest, halves to the even one; denormal numbers become zeros.
    static func rounded(_ x: Float) -> Float {
        guard !x.isNaN else { return x }
        let bits = flushed(x).bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    /// Zeros in the place of denormal numbers.
    static func flushed(_ x: Float) -> Float {
        x.isSubnormal ? Float(sign: x.sign, exponent: 0, significand: 0) : x
    }

    /// A sum of products from `start` on, two at a time, the second of which comes first; a last odd one beside a zero.
    static func sum(_ products: [(Float, Float)], from start: Float) -> Float {
        var sum = start
        for index in stride(from: 0, to: products.count, by: 2) {
            let second = index + 1 < products.count ? products[index + 1] : (0, 0)
            for (a, b) in [second, products[index]] {
                sum = flushed(flushed(sum).addingProduct(rounded(a), rounded(b)))
            }
        }
        return sum
    }

    /// How far a sum of so many products may be off, all that is stated in `picket_bfloat16.h`.
    static func bound(_ products: [(Float, Float)], from start: Float) -> Double {
        let unit = 0x1p-8
        let size = products.reduce(0) { $0 + abs(Double($1.0) * Double($1.1)) }
        return (2 * unit + unit * unit + Double(products.count + 2) * 0x1p-23) * size + 0x1p-23 * abs(Double(start))
    }
}

extension GemmCase {
    /// The products of element (i, j).
    private func products(_ i: Int, _ j: Int) -> [(Float, Float)] {
        (0..<depth).map { k in (a[i * (depth + gap) + k], b[k * columns + j]) }
    }

    /// Every element, before the activation.
    func paired() -> [Float] {
        (0..<rows).flatMap { i in
            (0..<columns).map { j in
                let sum = Bfloat16Model.sum(products(i, j), from: columnBias?[j] ?? 0)
                return [rowBias?[i], residual?[i * (columns + gap) + j]].compactMap(\.self).reduce(sum, +)
            }
        }
    }

    /// How far each element may be off.
    func bounds() -> [Double] {
        (0..<rows).flatMap { i in
            (0..<columns).map { j in
                // Adding what is no product rounds once more each.
                Bfloat16Model.bound(products(i, j), from: columnBias?[j] ?? 0) + 0x1p-22 * Double(depth + 4)
            }
        }
    }
}

extension PixelConvCase {
    /// Every element, laid out as `exact`, before the activation; taps, then channels, whatever the layout, and a zero
    /// behind an odd number of channels.
    func paired() -> [Float] {
        var output = [Float](repeating: 0, count: base.images * outputImageStride)
        let (channels, window) = (base.groupChannels, base.kernel.0 * base.kernel.1)
        visit { element, bias, residual, taps in
            var products: [(Float, Float)] = []
            for tap in 0..<window {
                for channel in 0..<channels {
                    let it = taps[isPlanar ? channel * window + tap : tap * channels + channel]
                    products.append((it.weight, it.cell))
                }
                if !channels.isMultiple(of: 2) { products.append((0, 0)) }
            }
            let sum = Bfloat16Model.sum(products, from: bias ?? 0)
            output[element] = residual.map { sum + $0 } ?? sum
        }
        return output
    }
}
