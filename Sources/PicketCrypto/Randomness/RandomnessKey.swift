internal import COpenSSL
internal import Glibc

/// The secret that makes draws unforeseeable: 32 bytes, never printed. Its ``id`` may be.
public struct RandomnessKey: Sendable, CustomStringConvertible, CustomReflectable {
    public static let byteCount = 32

    private let secret: Secret

    /// A name for the key that gives nothing of it away: the first 8 bytes of a tagged SHA-256 of it, in hexadecimal.
    public let id: String

    private init(_ bytes: [UInt8]) {
        secret = Secret(bytes)
        id = Hexadecimal.encode(SHA256Digest(of: Array("picket key id 1\0".utf8) + bytes).bytes.prefix(8))
    }

    /// A key that everybody knows: for self-checks that must give the same draws everywhere.
    public init(publicConstant digest: SHA256Digest) {
        self.init(digest.bytes)
    }

    /// A key from 64 hexadecimal digits.
    ///
    /// - Throws: ``RandomnessKeyFault/hex`` for anything else.
    public init(hex: String) throws(RandomnessKeyFault) {
        guard let bytes = Hexadecimal.decode(hex), bytes.count == RandomnessKey.byteCount else { throw .hex }
        self.init(bytes)
    }

    /// A key from a file of 32 bytes, or of 64 hexadecimal digits with or without a newline behind.
    public init(file path: String) throws(RandomnessKeyFault) {
        let bytes: [UInt8]
        do {
            var collected: [UInt8] = []
            try RegularFile.read(path) { part in
                // One byte more than any valid file tells that this is none, without keeping a large one.
                collected.append(contentsOf: part.prefix(RandomnessKey.byteCount * 2 + 2 - collected.count))
            }
            bytes = collected
        } catch {
            throw .file(error)
        }
        if bytes.count == RandomnessKey.byteCount {
            self.init(bytes)
            return
        }
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard let decoded = Hexadecimal.decode(String(decoding: text, as: UTF8.self)),
            decoded.count == RandomnessKey.byteCount
        else {
            throw .content(path: path)
        }
        self.init(decoded)
    }

    /// A fresh key from the system's randomness.
    public static func drawn() -> RandomnessKey {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        precondition(RAND_bytes(&bytes, Int32(byteCount)) == 1, "the system has randomness for a key")
        return RandomnessKey(bytes)
    }

    /// The HMAC-SHA-256 of a message under the key.
    public func code(of message: [UInt8]) -> SHA256Digest {
        HMACSHA256.code(key: secret.bytes, message: message)
    }

    public var description: String { "key \(id)" }

    /// Keeps `dump` and debuggers' summaries away from the bytes.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// Why a text or file holds no key. Never carries the text itself.
public enum RandomnessKeyFault: Error, Hashable, CustomStringConvertible {
    case hex
    case file(FileFault)
    case content(path: String)

    public var description: String {
        switch self {
        case .hex: "the key is not 64 hexadecimal digits (32 bytes)"
        case .file(let fault): "key file \(fault)"
        case .content(let path): "key file \(path): expected 32 bytes, or 64 hexadecimal digits"
        }
    }
}

/// The key's bytes, wiped when the last copy of the key goes.
///
/// Proof of `@unchecked Sendable`: the memory is written in `init` alone and read until `deinit`, which runs when nobody
/// holds it.
private final class Secret: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        memory = .allocate(capacity: bytes.count)
        _ = memory.initialize(from: bytes)
    }

    var bytes: [UInt8] { Array(memory) }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }
}
