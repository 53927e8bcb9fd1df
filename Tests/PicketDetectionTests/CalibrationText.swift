import Foundation
import PicketCrypto
import Testing

/// A calibration's text, edited by hand.
enum CalibrationText {
    /// What stands at a path of keys and indices.
    static func part(of bytes: [UInt8], _ path: [String]) throws -> Any? {
        var part = try JSONSerialization.jsonObject(with: Data(bytes))
        for key in path {
            if let index = Int(key) {
                part = try #require(part as? [Any])[index]
            } else {
                part = try #require((part as? [String: Any])?[key])
            }
        }
        return part
    }

    /// The text with one value in another's place.
    static func edit(_ bytes: [UInt8], _ path: [String], _ value: String) throws -> [UInt8] {
        func replace(_ object: Any, _ path: ArraySlice<String>) throws -> Any {
            guard let key = path.first else { return "@@VALUE@@" }
            if let index = Int(key) {
                var list = try #require(object as? [Any])
                list[index] = try replace(list[index], path.dropFirst())
                return list
            }
            var dictionary = try #require(object as? [String: Any])
            // A tie may be added to a table that has none.
            dictionary[key] = try replace(dictionary[key] ?? "", path.dropFirst())
            return dictionary
        }
        let root = try JSONSerialization.jsonObject(with: Data(bytes))
        let edited = try JSONSerialization.data(withJSONObject: replace(root, path[...]))
        return Array(
            String(decoding: edited, as: UTF8.self).replacingOccurrences(of: "\"@@VALUE@@\"", with: value).utf8
        )
    }

    /// The text with digests that go with it, as a forger would make them: from the documentation, not from our code.
    static func seal(_ bytes: [UInt8]) throws -> [UInt8] {
        var root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let order = [
            "model", "created", "promise", "method", "counts", "split_seed", "key_id", "chain", "models", "states",
            "golden", "rows", "detectors", "strata",
        ]
        var fields: [String: String] = [:]
        var all = "20:picket calibration 2"
        for name in order {
            guard let content = root[name] else { continue }
            let text = try JSONSerialization.data(
                withJSONObject: content,
                options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]
            )
            let digest = SHA256Digest(of: Array(text)).hex
            fields[name] = digest
            all += "\(name.utf8.count):\(name)64:\(digest)"
        }
        root["digests"] = ["fields": fields, "all": SHA256Digest(of: all).hex]
        return Array(
            try JSONSerialization.data(withJSONObject: root, options: [.sortedKeys, .withoutEscapingSlashes])
        )
    }
}
