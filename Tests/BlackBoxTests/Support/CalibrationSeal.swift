import Foundation
import PicketCrypto
import Testing

/// Writes a calibration file's digests anew, as somebody would who edits one and knows how
/// (Documentation/Calibration.md).
enum CalibrationSeal {
    private static let fields = [
        "model", "created", "promise", "method", "counts", "split_seed", "key_id", "chain", "models", "states",
        "golden", "rows", "detectors", "strata",
    ]

    /// - Parameter edited: the one field whose content is another than when the file was written.
    static func renew(_ file: inout [String: Any], edited: String) throws {
        var digests = try #require(file["digests"] as? [String: Any])
        var digestByField = try #require(digests["fields"] as? [String: String])
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        let content = try JSONSerialization.data(withJSONObject: try #require(file[edited]), options: options)
        digestByField[edited] = SHA256Digest(of: [UInt8](content)).hex
        let all = SHA256Hasher()
        all.update(field: "picket calibration 2")
        for field in fields {
            guard let digest = digestByField[field] else { continue }
            all.update(field: field)
            all.update(field: digest)
        }
        digests["fields"] = digestByField
        digests["all"] = all.finalize().hex
        file["digests"] = digests
    }
}
