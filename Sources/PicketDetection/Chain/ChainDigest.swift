public import PicketCrypto

/// What a chain is, as one digest and the digests of its parts, so that a mismatch can say which part differs.
public struct ChainDigest: Sendable, Hashable {
    /// One part of a chain.
    public struct Part: Sendable, Hashable, Codable {
        /// What the part is: "configuration", "detector feature-squeezing", "model fashion".
        public var name: String
        /// SHA-256 in lower-case hexadecimal.
        public var digest: String

        public init(name: String, digest: String) {
            self.name = name
            self.digest = digest
        }
    }

    /// In the chain's order.
    public let parts: [Part]
    public let digest: SHA256Digest

    public init(parts: [Part]) {
        let hasher = SHA256Hasher()
        hasher.update(field: "picket chain 1")
        for part in parts {
            hasher.update(field: part.name)
            hasher.update(field: part.digest)
        }
        self.parts = parts
        self.digest = hasher.finalize()
    }

    public var hex: String { digest.hex }
}
