internal import Glibc

/// A regular file's bytes, mapped read-only for as long as anyone holds this object.
///
/// Weights stay here: the graph names ranges of the file, and the plan copies them once when it packs them for its
/// kernels. After that nobody reads the mapping.
///
/// A mapping shows what the file holds *now*. Who truncates the file in place while a model is being loaded makes the
/// kernel answer a read with SIGBUS, which ends the process. So the folder of the models must be writable by their
/// operator alone, and a new version is put there by `rename`, which leaves the old mapping whole.
///
/// Proof of `@unchecked Sendable`: the memory is mapped `PROT_READ` and both stored properties are constants, so
/// threads only ever read.
public final class MappedFile: ConstantStorage, @unchecked Sendable {
    /// The path that the file was opened by, for messages.
    public let path: String

    /// All bytes of the file, of any alignment, as long as the object lives.
    package let bytes: UnsafeRawBufferPointer

    /// Whether there is a file behind the memory.
    private let isFile: Bool

    /// Maps the file behind an open descriptor, which the caller keeps and closes.
    ///
    /// - Throws: ``ModelFileError`` where it is no regular file, or larger than `limit` bytes.
    init(descriptor: CInt, path: String, limit: Int) throws(ModelFileError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path: path, call: "fstat", code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
        let size = Int(status.st_size)
        guard size <= limit else { throw .tooLarge(path: path, bytes: size, limit: limit) }
        self.path = path
        isFile = true
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .system(path: path, call: "mmap", code: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Opens and maps the file at `path`.
    ///
    /// - Parameter limit: the largest file accepted, in bytes.
    /// - Throws: ``ModelFileError``.
    public convenience init(path: String, limit: Int) throws(ModelFileError) {
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(path: path, call: "open", code: errno) }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor, path: path, limit: limit)
    }

    /// Bytes in memory that stand for a file, for models that come from elsewhere than a file system.
    ///
    /// - Throws: ``ModelFileError/system(path:call:code:)`` where the machine has no memory for them.
    public init(copying source: [UInt8], named path: String) throws(ModelFileError) {
        self.path = path
        isFile = false
        guard !source.isEmpty else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard
            let start = mmap(nil, source.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else { throw .system(path: path, call: "mmap", code: errno) }
        // Sound: the mapping has exactly this many bytes and nobody else knows it yet.
        source.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: source.count).copyMemory(from: $0) }
        mprotect(start, source.count, PROT_READ)
        bytes = UnsafeRawBufferPointer(start: start, count: source.count)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// The file's size when it was mapped, in bytes.
    public var byteCount: Int { bytes.count }

    package func release(_ range: Range<Int>) {
        guard isFile, let start = bytes.baseAddress else { return }
        // Whole pages inside the range: of a private read-only mapping the kernel drops them, and a later read brings them
        // back from the file.
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let begin = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound == bytes.count ? range.upperBound : range.upperBound / page * page
        guard begin < end, end <= bytes.count else { return }
        madvise(UnsafeMutableRawPointer(mutating: start + begin), end - begin, MADV_DONTNEED)
    }

    /// Gives back the memory of all that was read so far.
    public func release() { release(0..<bytes.count) }

    /// All bytes, bounds-checked. The span is valid for the call only.
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        // Sound: the memory is mapped for the whole call, and bytes have neither alignment nor invalid values.
        return try body(Span<UInt8>(_unsafeBytes: bytes))
    }
}
