public import PicketCrypto
internal import PicketTensor

/// Which rows a calibration has used, told by codes: enough to notice that a row comes back, and no more.
///
/// A row's code is the first 8 bytes of HMAC-SHA-256, under ``salt``, of the SHA-256 of its canonical bytes. The salt
/// stands in the file, so that whoever has the file and a row can ask whether the row is in it: that is what the codes
/// are for, with any key. It differs between keys and between chains, so that no table of codes can be made beforehand;
/// two calibrations of one chain under one key share it, and so tell which rows they share. Codes are in ascending order, which says nothing of the rows' order or of which
/// of them were fitted, ranked or judged. Among 10,000 rows and 10,000 codes a false match has a chance of 1 in 10¹¹.
public struct UsedRows: Sendable, Hashable {
    /// Bytes of the salt.
    static let saltByteCount = 16

    public let salt: [UInt8]
    /// Ascending and distinct: equal rows have one.
    public let codes: [UInt64]

    /// - Parameter digests: SHA-256 of each row's canonical bytes.
    init(salt: [UInt8], digests: some Sequence<SHA256Digest>) {
        self.salt = salt
        codes = Set(digests.map { UsedRows.code(of: $0, salt: salt) }).sorted()
    }

    /// From a file.
    init(salt: [UInt8], codes: [UInt64], field: String) throws(CalibrationFault) {
        guard salt.count == UsedRows.saltByteCount else {
            throw .content(field: "\(field).salt", reason: "\(salt.count) bytes, expected \(UsedRows.saltByteCount)")
        }
        guard zip(codes, codes.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .content(field: "\(field).codes", reason: "expected ascending codes")
        }
        self.salt = salt
        self.codes = codes
    }

    /// The salt of a chain's calibration under a key: the same again for the same, so that calibrations can be repeated,
    /// and foreseen by nobody without the key.
    static func salt(key: RandomnessKey, chainDigest: String) -> [UInt8] {
        Array(key.code(of: Array("picket calibration rows 1:\(chainDigest)".utf8)).bytes.prefix(saltByteCount))
    }

    private static func code(of digest: SHA256Digest, salt: [UInt8]) -> UInt64 {
        HMACSHA256.code(key: salt, message: digest.bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether the calibration used the row with this digest.
    public func contains(_ digest: SHA256Digest) -> Bool {
        let code = UsedRows.code(of: digest, salt: salt)
        var low = 0
        var high = codes.count
        while low < high {
            let middle = (low + high) / 2
            if codes[middle] < code { low = middle + 1 } else { high = middle }
        }
        return low < codes.count && codes[low] == code
    }
}
