import CPicketKernels

/// Operations that smooth: scratch is asked for once and serves every plane.
extension PictureCall {
    func median(_ side: Int) {
        withScratch(kernels.pointee.median_scratch(shape.height, shape.width, side)) { scratch in
            eachPlane { kernels.pointee.median($0, $1, shape.height, shape.width, side, scratch) }
        }
    }

    func nonLocalMeans(_ search: Int, _ window: Int, _ strength: Double) {
        var means = picket_means(
            channels: shape.channels,
            height: shape.height,
            width: shape.width,
            search: search,
            patch: window,
            strength: strength
        )
        withScratch(kernels.pointee.means_scratch(&means)) { scratch in
            kernels.pointee.means(from, to, &means, scratch)
        }
    }

    func blur(_ sigma: Double) {
        let radius = Int(4 * sigma + 0.5)
        withScratch(kernels.pointee.blur_scratch(shape.height, shape.width, radius)) { scratch in
            eachPlane { kernels.pointee.blur($0, $1, shape.height, shape.width, sigma, radius, scratch) }
        }
    }

    func variation(_ weight: Float, _ iterations: Int) {
        withScratch(kernels.pointee.variation_scratch(shape.height, shape.width)) { scratch in
            eachPlane { kernels.pointee.variation($0, $1, shape.height, shape.width, weight, iterations, scratch) }
        }
    }

    func maskedVariation(_ weight: Float, _ iterations: Int, _ dropProbability: Double, _ seed: UInt64) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.elementCount) { mask in
            guard let mask = mask.baseAddress else { return }
            picket_picture_mask(mask, shape.elementCount, dropProbability, seed)
            withScratch(kernels.pointee.masked_variation_scratch(shape.height, shape.width)) { scratch in
                for channel in 0..<shape.channels {
                    let plane = channel * shape.pixelCount
                    kernels.pointee.masked_variation(
                        from + plane,
                        mask + plane,
                        to + plane,
                        shape.height,
                        shape.width,
                        weight,
                        iterations,
                        scratch
                    )
                }
            }
        }
    }

    func wavelet(_ sigma: Double?) {
        withScratch(kernels.pointee.wavelet_scratch(shape.height, shape.width)) { scratch in
            eachPlane { kernels.pointee.wavelet($0, $1, shape.height, shape.width, sigma ?? -1, scratch) }
        }
    }
}
