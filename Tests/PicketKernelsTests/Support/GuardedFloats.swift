import Glibc
import Testing

/// Floats between two pages that nobody may touch, as close to one of them as they fit: what a kernel reads or writes
/// beyond that end stops the test process, and what it writes beyond the other end is found by `expectIntact`.
///
/// The floats start at whatever multiple of 4 bytes this takes, so that kernels see unaligned pointers.
final class GuardedFloats {
    enum Side: CaseIterable {
        case start, end
    }

    let count: Int
    let base: UnsafeMutablePointer<Float>
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int
    private let inner: UnsafeMutableRawBufferPointer
    private static let canary: UInt8 = 0xA5
    private static let page = 4096

    init(_ values: [Float], against side: Side = .end) {
        count = values.count
        let bytes = count * MemoryLayout<Float>.stride
        let innerBytes = max(1, (bytes + Self.page - 1) / Self.page) * Self.page
        mappedBytes = innerBytes + 2 * Self.page
        guard
            let mapped = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapped != MAP_FAILED
        else {
            preconditionFailure("the system gives a few pages of memory")
        }
        mapping = mapped
        inner = UnsafeMutableRawBufferPointer(start: mapped + Self.page, count: innerBytes)
        precondition(mprotect(mapped, Self.page, PROT_NONE) == 0, "a page can be closed")
        precondition(mprotect(mapped + Self.page + innerBytes, Self.page, PROT_NONE) == 0, "a page can be closed")
        inner.initializeMemory(as: UInt8.self, repeating: Self.canary)
        let offset = side == .start ? 0 : innerBytes - bytes
        base = (mapped + Self.page + offset).bindMemory(to: Float.self, capacity: count)
        base.update(from: values, count: count)
    }

    /// An output: every float starts as a signalling pattern that no kernel computes.
    convenience init(output count: Int, against side: Side = .end) {
        self.init([Float](repeating: Float(bitPattern: 0xFFA5_A5A5), count: count), against: side)
    }

    deinit {
        munmap(mapping, mappedBytes)
    }

    var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// No byte beside the floats has changed.
    func expectIntact(sourceLocation: SourceLocation = #_sourceLocation) {
        let start = UnsafeMutableRawPointer(base) - UnsafeMutableRawPointer(inner.baseAddress.unsafelyUnwrapped)
        let end = start + count * MemoryLayout<Float>.stride
        let isIntact =
            inner[..<start].allSatisfy { $0 == Self.canary } && inner[end...].allSatisfy { $0 == Self.canary }
        #expect(isIntact, "a kernel wrote beside its output", sourceLocation: sourceLocation)
    }
}

/// Memory aligned as packed weights and scratch need it, of exactly so many bytes before a closed page.
final class AlignedBytes {
    let base: UnsafeMutableRawPointer
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int
    private static let page = 4096

    /// - Parameter bytes: rounded up to 64, the alignment, so that the last float stands right before the closed page.
    init(_ bytes: Int) {
        let aligned = (bytes + 63) / 64 * 64
        let innerBytes = max(1, (aligned + Self.page - 1) / Self.page) * Self.page
        mappedBytes = innerBytes + Self.page
        guard
            let mapped = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapped != MAP_FAILED
        else {
            preconditionFailure("the system gives a few pages of memory")
        }
        mapping = mapped
        precondition(mprotect(mapped + innerBytes, Self.page, PROT_NONE) == 0, "a page can be closed")
        base = mapped + innerBytes - aligned
        // Scratch may hold anything: here it holds NaN.
        base.initializeMemory(as: UInt8.self, repeating: 0xFF, count: aligned)
    }

    deinit {
        munmap(mapping, mappedBytes)
    }

    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}
