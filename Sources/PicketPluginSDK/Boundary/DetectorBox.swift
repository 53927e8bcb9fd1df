import CPicketABI

/// What a `picket_detector *` points to.
///
/// Not marked `Sendable`: it crosses threads as a pointer of the host's, and the ABI's threading rule is what makes that
/// sound. Create, plan, fit and destroy of one detector never overlap with another call on it, and only plan writes.
final class DetectorBox {
    var detector: any Detector

    init(_ detector: any Detector) {
        self.detector = detector
    }

    /// Hands one reference to the host, which gives it back in destroy.
    func passedToHost() -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(self).toOpaque())
    }

    /// Sound because every detector pointer that a host holds came from ``passedToHost()`` of this library.
    static func borrowed(_ pointer: OpaquePointer?) throws -> DetectorBox {
        guard let pointer else { throw DetectorFault.invalid("the detector's pointer is NULL") }
        return Unmanaged<DetectorBox>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }

    static func returned(_ pointer: OpaquePointer?) {
        guard let pointer else { return }
        Unmanaged<DetectorBox>.fromOpaque(UnsafeRawPointer(pointer)).release()
    }
}
