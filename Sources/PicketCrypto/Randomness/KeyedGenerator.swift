internal import COpenSSL

/// A stream of uniform bits from a 256-bit seed: ChaCha20 (RFC 8439) with a nonce and a counter of zero, read as
/// little-endian 64-bit words.
///
/// Equal seeds give equal streams on every machine; without the seed no word is foreseen from the others.
/// Used by one owner on one thread, so it is not `Sendable`.
public final class KeyedGenerator: RandomNumberGenerator {
    private static let wordsPerRefill = 64
    private static let zeros = [UInt8](repeating: 0, count: wordsPerRefill * 8)

    private let context: OpaquePointer
    private var words = [UInt64](repeating: 0, count: wordsPerRefill)
    private var position = KeyedGenerator.wordsPerRefill

    public init(seed: SHA256Digest) {
        guard let context = EVP_CIPHER_CTX_new() else { preconditionFailure("no memory for a ChaCha20 state") }
        let nonce = [UInt8](repeating: 0, count: 16)
        precondition(
            EVP_EncryptInit_ex(context, EVP_chacha20(), nil, seed.bytes, nonce) == 1,
            "libcrypto offers ChaCha20"
        )
        self.context = context
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    /// The next 64 uniform bits.
    public func next() -> UInt64 {
        if position == KeyedGenerator.wordsPerRefill { refill() }
        let word = UInt64(littleEndian: words[position])
        position += 1
        return word
    }

    private func refill() {
        var written: Int32 = 0
        let count = KeyedGenerator.zeros.count
        // The words' own bytes are overwritten in place; libcrypto keeps no pointer to them.
        let status = words.withUnsafeMutableBytes { bytes in
            EVP_EncryptUpdate(
                context,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                &written,
                KeyedGenerator.zeros,
                Int32(count)
            )
        }
        precondition(status == 1 && Int(written) == count, "ChaCha20 encrypts as many bytes as it is given")
        position = 0
    }
}
