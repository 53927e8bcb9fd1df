import Foundation

/// The cases of Tests/Cases/learning, made by make_cases.py beside them.
struct LearningCases: Decodable, Sendable {
    struct Layer: Decodable, Sendable {
        let file: String
        let extents: [Int]
    }

    struct FeatureSpace: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let classes: Int
        let config: [String: Int]
        /// Rows that are for the fit; those after them are scored.
        let fitted: Int
        let labels: [Int]
        let answers: String
        let layers: [String: Layer]
        let components: [[String: Double]]
        var description: String { name }
    }

    struct InputStatistics: Decodable, Sendable, CustomStringConvertible {
        struct Config: Codable, Sendable {
            let colour: String
            let patches: Int
            let texture: Int
            let mixture: Int
            let denoisers: [[String: Int]]
            let components: [String]
        }

        let name: String
        let extents: [Int]
        let config: Config
        let state: String
        let rows: String
        let components: [[String: Double]]
        var description: String { name }
    }

    struct Mixture: Decodable, Sendable {
        let extents: [Int]
        let size: Int
        let fitted: String
        let held: String
        let mean: Double
    }

    struct Reconstruction: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let extents: [Int]
        let grid: Bool
        let range: [Double]
        let row: String
        let drawn: String
        let components: [String: Double]
        var description: String { name }
    }

    let feature_space: [FeatureSpace]
    let input_statistics: [InputStatistics]
    let mixture: Mixture
    let reconstruction: [Reconstruction]

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Cases/learning")

    static let all: LearningCases = {
        do {
            let file = folder.appendingPathComponent("cases.json")
            return try JSONDecoder().decode(LearningCases.self, from: Data(contentsOf: file))
        } catch {
            preconditionFailure("the golden cases are there and read: \(error)")
        }
    }()

    static func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(file)))
    }

    /// A .npy file's elements, cut into rows of so many.
    static func rows(_ file: String, of size: Int) throws -> [[Float]] {
        let elements = try NumpyFile(folder.appendingPathComponent(file)).numbers
        return stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<$0 + size]) }
    }
}

/// The elements of a .npy file of bytes or floats, as NumPy's format 1.0 has them.
private struct NumpyFile {
    /// Bytes as k/255.
    let numbers: [Float]

    init(_ file: URL) throws {
        let whole = try Data(contentsOf: file)
        let length = Int(whole[8]) | Int(whole[9]) << 8
        let header = String(decoding: whole[10..<10 + length], as: UTF8.self)
        let data = whole[(10 + length)...]
        if header.contains("'|u1'") {
            numbers = data.map { Float($0) / 255 }
        } else {
            precondition(header.contains("'<f4'"), "the cases are bytes or floats, this is \(header)")
            numbers = data.withUnsafeBytes { raw in
                (0..<raw.count / 4).map {
                    Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
                }
            }
        }
    }
}

/// Components that should be equal but for rounding.
func differences(_ found: [String: Double], _ expected: [String: Double], tolerance: Double) -> [String] {
    var faults: [String] = []
    if Set(found.keys) != Set(expected.keys) {
        faults.append("components \(found.keys.sorted()), expected \(expected.keys.sorted())")
    }
    for (name, value) in found {
        let wanted = expected[name, default: .nan]
        if !(abs(value - wanted) <= tolerance * max(1, abs(wanted))) {
            faults.append("\(name): \(value), expected \(wanted)")
        }
    }
    return faults.sorted()
}
