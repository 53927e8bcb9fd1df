import Foundation

/// A value as one JSON object, keys sorted.
func jsonData(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
}

/// Prints a value as one JSON object, keys sorted.
func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try jsonData(value), as: UTF8.self))
}

/// A table with columns as wide as they need to be; the first is aligned to the left, the others to the right.
struct TextTable {
    private var rows: [[String]]

    init(_ heads: [String]) {
        rows = [heads]
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    func printed() -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + blanks : blanks + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

/// A share as a percentage with one digit, or a dash where there is none.
func percent(_ share: Double?) -> String {
    share.map { String(format: "%.1f %%", $0 * 100) } ?? "–"
}

/// A number with so many digits, or a dash where there is none.
func decimal(_ value: Double?, digits: Int = 3) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "–"
}
