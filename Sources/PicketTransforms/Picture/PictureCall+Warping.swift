import CPicketKernels

/// Operations that read pixels from other places.
extension PictureCall {
    /// A part of a picture, inside it.
    struct Part {
        let top: Int
        let left: Int
        let height: Int
        let width: Int
    }

    func rotate(_ degrees: Double) {
        let (cosine, sine) = Angle.cosineAndSine(degrees: degrees)
        withScratch(kernels.pointee.rotate_scratch(shape.height, shape.width, cosine, sine)) { scratch in
            kernels.pointee.rotate(from, to, shape.channels, shape.height, shape.width, cosine, sine, scratch)
        }
    }

    /// destination(centre + u) = source(centre + u / factor) on each axis.
    func scale(_ factor: Double) {
        func axis(_ extent: Int) -> picket_axis {
            let centre = Double(extent - 1) / 2
            return picket_axis(origin: centre - centre / factor, step: 1 / factor, mirrored: true)
        }
        let whole = Part(top: 0, left: 0, height: shape.height, width: shape.width)
        resample(part: whole, to: whole, rows: axis(shape.height), columns: axis(shape.width))
    }

    /// Pixel centres of both parts lie over each other: (i + 1/2) · extent / new extent − 1/2.
    func resize(part source: Part, to target: Part) {
        func axis(_ extent: Int, _ newExtent: Int) -> picket_axis {
            let step = Double(extent) / Double(newExtent)
            return picket_axis(origin: step / 2 - 0.5, step: step, mirrored: false)
        }
        resample(
            part: source,
            to: target,
            rows: axis(source.height, target.height),
            columns: axis(source.width, target.width)
        )
    }

    private func resample(part source: Part, to target: Part, rows: picket_axis, columns: picket_axis) {
        var sizes = picket_resampling(
            channels: shape.channels,
            source_height: source.height,
            source_width: source.width,
            source_stride: shape.width,
            source_plane: shape.pixelCount,
            height: target.height,
            width: target.width,
            stride: shape.width,
            plane: shape.pixelCount,
            rows: rows,
            columns: columns
        )
        let first = source.top * shape.width + source.left
        let place = target.top * shape.width + target.left
        withScratch(kernels.pointee.resample_scratch(&sizes)) { scratch in
            kernels.pointee.resample(from + first, to + place, &sizes, scratch)
        }
    }

    func degrade(_ quality: Int) throws(TransformFault) {
        try JPEGCodec.with { (codec) throws(TransformFault) in
            try codec.degrade(
                channels: shape.channels,
                height: shape.height,
                width: shape.width,
                quality: quality,
                fill: { kernels.pointee.to_bytes(from, $0, shape.channels, shape.pixelCount) },
                take: { kernels.pointee.from_bytes($0, to, shape.channels, shape.pixelCount) }
            )
        }
    }
}
