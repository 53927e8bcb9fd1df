public import PicketTensor

extension RowForm {
    /// Rows as detectors see them, from rows as clients send them.
    ///
    /// - Parameter served: `[n] + servedShape`; the model's element type, or (data sets) uint8, whose 0…255 stand for the
    ///   ends of the range.
    /// - Throws: ``RowFault`` for the first number that is not finite, or no pixel of the range.
    public func canonicalRows(_ served: Tensor) throws(RowFault) -> Tensor {
        precondition(served.shape.row == servedShape, "rows of \(served.shape) are not the model's \(servedShape)")
        var rows = Tensor(zeros: .float32, shape: canonicalShape.withBatch(served.rowCount))
        switch served.elementType {
        case .uint8:
            served.withUnsafeElements(of: UInt8.self) { source in
                rows.withUnsafeMutableElements(of: Float.self) { target in
                    forEachPixel(rows: served.rowCount) { from, to, _ in target[to] = Float(source[from]) / 255 }
                }
            }
        case .float32:
            try served.withUnsafeElements(of: Float.self) { (source) throws(RowFault) in
                try rows.withUnsafeMutableElements(of: Float.self) { (target) throws(RowFault) in
                    switch content {
                    case .tensor: try copyFinite(source, into: target)
                    case .image(let form): try readPixels(source, into: target, form: form, rows: served.rowCount)
                    }
                }
            }
        default:
            preconditionFailure("rows of \(served.elementType) were refused when the request was read")
        }
        return rows
    }

    private func copyFinite(
        _ source: UnsafeBufferPointer<Float>,
        into target: UnsafeMutableBufferPointer<Float>
    ) throws(RowFault) {
        for index in source.indices {
            guard source[index].isFinite else {
                throw RowFault(index: index, value: source[index], expected: "a finite number")
            }
            target[index] = source[index]
        }
    }

    private func readPixels(
        _ source: UnsafeBufferPointer<Float>,
        into target: UnsafeMutableBufferPointer<Float>,
        form: ImageForm,
        rows: Int
    ) throws(RowFault) {
        var worst: Int?
        forEachPixel(rows: rows) { from, to, channel in
            let scale = form.served[channel]
            let pixel = scale == .identity ? source[from] : (source[from] - scale.offset) / scale.scale
            // Written so that NaN fails it.
            if !(pixel >= -RowForm.tolerance && pixel <= 1 + RowForm.tolerance) { worst = min(worst ?? from, from) }
            let clamped = min(max(pixel, 0), 1)
            target[to] = form.grid.map { (clamped * $0).rounded() / $0 } ?? clamped
        }
        if let worst {
            let channel = form.channelsLast ? worst % form.channels : worst / (form.height * form.width) % form.channels
            let ends = form.served[channel]
            throw RowFault(
                index: worst,
                value: source[worst],
                expected: "a pixel from \(ends.offset) to \(ends.offset + ends.scale)"
            )
        }
    }

    /// Visits every number of every row: its place as served, its place as detectors see it, its channel.
    @inline(__always)
    func forEachPixel(rows: Int, _ visit: (_ served: Int, _ canonical: Int, _ channel: Int) -> Void) {
        let rowCount = canonicalShape.elementCount
        guard case .image(let form) = content, form.channelsLast, form.channels > 1 else {
            let plane: Int
            let channels: Int
            if case .image(let form) = content {
                plane = form.height * form.width
                channels = form.channels
            } else {
                plane = rowCount
                channels = 1
            }
            for row in 0..<rows {
                for channel in 0..<channels {
                    let start = row * rowCount + channel * plane
                    for index in start..<start + plane { visit(index, index, channel) }
                }
            }
            return
        }
        let plane = form.height * form.width
        for row in 0..<rows {
            for channel in 0..<form.channels {
                let start = row * rowCount
                for pixel in 0..<plane {
                    visit(start + pixel * form.channels + channel, start + channel * plane + pixel, channel)
                }
            }
        }
    }
}

extension Shape {
    /// This shape as that of each row of a batch.
    public func withBatch(_ rows: Int) -> Shape { Shape([rows] + dimensions) }
}

/// A number of a request that no model should be asked about.
public struct RowFault: Error, Hashable, Sendable {
    /// Its place in the request's tensor, row-major.
    public var index: Int
    /// What stands there.
    public var value: Float
    /// What was expected instead.
    public var expected: String
}
