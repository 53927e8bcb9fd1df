import PicketTensor

extension RowForm {
    /// Bytes of one row as the model takes it.
    package var fedByteCount: Int { canonicalShape.elementCount * elementType.byteCount }

    /// Whether a row goes to the model as detectors see it, number by number.
    var isFedAsSeen: Bool {
        guard elementType == .float32 else { return false }
        guard case .image(let form) = content else { return true }
        let sameOrder = !form.channelsLast || form.channels == 1
        return sameOrder && form.wanted.allSatisfy { $0 == .identity }
    }

    /// Writes one row in the form that the model takes.
    ///
    /// - Parameters:
    ///   - row: as detectors see it.
    ///   - destination: ``fedByteCount`` bytes, aligned for the element type.
    package func feed(_ row: UnsafeBufferPointer<Float>, into destination: UnsafeMutableRawBufferPointer) {
        precondition(row.count == canonicalShape.elementCount, "a row of \(row.count) numbers is not \(canonicalShape)")
        precondition(
            destination.count == fedByteCount,
            "\(destination.count) bytes do not hold a row of \(fedByteCount)"
        )
        guard case .image(let form) = content, !isFedAsSeen else {
            destination.copyMemory(from: UnsafeRawBufferPointer(row))
            return
        }
        // The destination holds this element type: the session gave it for an input of that type.
        if elementType == .uint8 {
            let bytes = destination.assumingMemoryBound(to: UInt8.self)
            forEachPixel(rows: 1) { served, canonical, _ in
                bytes[served] = UInt8(min(max((row[canonical] * 255).rounded(), 0), 255))
            }
        } else {
            let numbers = destination.assumingMemoryBound(to: Float.self)
            forEachPixel(rows: 1) { served, canonical, channel in
                numbers[served] = row[canonical] * form.wanted[channel].scale + form.wanted[channel].offset
            }
        }
    }
}
