import Foundation
import Testing

/// One case of Tests/Cases/detectors, made by make_golden.py beside it.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let plugin: String
    let config: JSON
    let extents: [Int]
    let classes: Int
    /// Planar uint8, [C, H, W].
    let picture: String?
    /// Keys, in the order of `variants_file`.
    let variants: [String]
    let variants_file: String?
    let draws: [String: [String]]
    /// Log-probabilities by model or key, null = −∞; where absent the formula of make_golden.py is the model.
    let answers: [String: [Double?]]?
    let components: [String: Double]
    /// What calibration had left.
    let state: String?
    /// Of ``HostedDetector/report(_:classes:answer:)``.
    let facts: [String: Double]?
    let answer: [Double]?

    var testDescription: String { name }

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Cases/detectors")

    static let all: [GoldenCase] = {
        do {
            return try JSONDecoder().decode(
                [GoldenCase].self,
                from: Data(contentsOf: folder.appendingPathComponent("cases.json"))
            )
        } catch {
            preconditionFailure("the golden cases are there and read: \(error)")
        }
    }()

    /// The row that detectors see: the picture's bytes over 255.
    func row() throws -> [Float] {
        guard let picture else { return [Float](repeating: 0, count: extents.reduce(1, *)) }
        return try NumpyFile(GoldenCase.folder.appendingPathComponent(picture)).bytes.map { Float($0) / 255 }
    }

    /// The expected variants by key.
    func expectedVariants() throws -> [String: [Float]] {
        guard let variants_file else { return [:] }
        let all = try NumpyFile(GoldenCase.folder.appendingPathComponent(variants_file)).floats
        let size = extents.reduce(1, *)
        precondition(all.count == size * variants.count, "\(variants_file) holds every variant")
        return Dictionary(
            uniqueKeysWithValues: variants.enumerated().map { index, key in
                (key, Array(all[index * size..<(index + 1) * size]))
            }
        )
    }
}

/// JSON kept as it is, to hand on.
struct JSON: Decodable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        text = try JSON.text(decoder.singleValueContainer())
    }

    private static func text(_ container: any SingleValueDecodingContainer) throws -> String {
        if let number = try? container.decode(Double.self) { return "\(number)" }
        if let string = try? container.decode(String.self) { return "\"\(string)\"" }
        if let list = try? container.decode([JSON].self) { return "[\(list.map(\.text).joined(separator: ","))]" }
        let members = try container.decode([String: JSON].self)
        return "{\(members.map { "\"\($0)\":\($1.text)" }.joined(separator: ","))}"
    }
}
