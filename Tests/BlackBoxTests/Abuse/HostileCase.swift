import Foundation
import Testing

/// A request that is refused, as data.
///
/// In `header` and `body`, `<ROW>` stands for the numbers of a row, `<REPEAT n text>` for text n times and `<HEX …>` for
/// bytes.
struct HostileCase: Decodable {
    let name: String
    let model: String?
    /// The JSON of the binary extension, `body` being the bytes behind it.
    let header: String?
    /// What Inference-Header-Content-Length says, where that is not the header's length.
    let headerLength: String?
    let body: String
    let status: Int
    /// What the answer names.
    let says: String?

    static func load() throws -> [HostileCase] {
        let file = URL(filePath: Products.cases + "/blackbox/hostile.json")
        return try JSONDecoder().decode([HostileCase].self, from: Data(contentsOf: file))
    }

    func bytes() -> [UInt8] {
        let front = HostileCase.expanded(header ?? "")
        var headers: [String] = []
        if header != nil { headers.append("Inference-Header-Content-Length: \(headerLength ?? "\(front.count)")") }
        return Request.post(front + HostileCase.expanded(body), headers: headers, to: model ?? "fashion")
    }

    private static func expanded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let match = rest.firstMatch(of: /<(ROW|HEX [0-9a-f]+|REPEAT [0-9]+ [^>]*)>/) {
            bytes += rest[..<match.range.lowerBound].utf8
            let parts = match.1.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            switch parts[0] {
            case "ROW": bytes += Array(repeating: "0.5", count: Rows.pixels).joined(separator: ",").utf8
            case "HEX": bytes += parts[1].hexadecimal
            default: bytes += String(repeating: String(parts[2]), count: Int(parts[1]) ?? 0).utf8
            }
            rest = rest[match.range.upperBound...]
        }
        return bytes + Array(rest.utf8)
    }
}

extension Substring {
    fileprivate var hexadecimal: [UInt8] {
        let digits = Array(self)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}

/// A case of the suite of the wire, which speaks of a model of its own.
struct WireCase: Decodable {
    let name: String
    let raw: String?
    let headers: [[String]]?
    let body: String?
    let binaryHex: String?
    let status: Int?
    let finally: String?

    /// Those that are refused whatever the model.
    static func load() throws -> [WireCase] {
        let cases = try ["http", "json"].flatMap { file in
            let url = URL(filePath: "\(Products.cases)/wire/\(file).json")
            return try JSONDecoder().decode([WireCase].self, from: Data(contentsOf: url))
        }
        return cases.filter(\.isRefused)
    }

    private var isRefused: Bool {
        guard finally == nil, binaryHex == nil, raw != nil || body != nil else { return false }
        return status.map { $0 >= 400 } ?? false
    }

    func bytes() -> [UInt8] {
        if let raw { return Array(WireCase.expanded(raw).replacing("/models/sum/", with: "/models/fashion/").utf8) }
        let lines = (headers ?? []).map { "\($0[0]): \(WireCase.expanded($0[1]))" }
        return Request.post(Array(WireCase.expanded(body ?? "").utf8), headers: lines)
    }

    private static func expanded(_ text: String) -> String {
        text.replacing(/<REPEAT (\d+) ([^>]*)>/) { String(repeating: String($0.2), count: Int($0.1) ?? 0) }
    }
}
