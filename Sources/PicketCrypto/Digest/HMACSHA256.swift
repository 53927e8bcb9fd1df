internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1); libcrypto's.
public enum HMACSHA256 {
    /// The authentication code of a message under a key of any length.
    public static func code(key: [UInt8], message: [UInt8]) -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        // An empty array has no base address, and libcrypto takes a null key for "the key of the last call".
        let padded = key.isEmpty ? [0] : key
        let written = HMAC(EVP_sha256(), padded, Int32(padded.count), message, message.count, &bytes, nil)
        precondition(written != nil, "HMAC-SHA-256 takes any key and message")
        return SHA256Digest(bytes)
    }
}
