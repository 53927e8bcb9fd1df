internal import COpenSSL

/// SHA-256 (FIPS 180-4) over bytes that arrive in parts; libcrypto's.
///
/// Used by one owner on one thread, so it is not `Sendable`.
public final class SHA256Hasher {
    private let context: OpaquePointer

    public init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a SHA-256 state") }
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto offers SHA-256")
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes the next bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        precondition(EVP_DigestUpdate(context, base, bytes.count) == 1, "SHA-256 takes any bytes")
    }

    /// Takes the next bytes.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes a text's UTF-8 bytes.
    public func update(_ text: String) {
        update(Array(text.utf8))
    }

    /// Takes a text with its length in front, so that the parts of a list can't be shifted into one another.
    public func update(field text: String) {
        update("\(text.utf8.count):")
        update(text)
    }

    /// The digest of everything taken; the hasher begins anew.
    public func finalize() -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        precondition(EVP_DigestFinal_ex(context, &bytes, nil) == 1, "SHA-256 yields a digest")
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto offers SHA-256")
        return SHA256Digest(bytes)
    }
}
