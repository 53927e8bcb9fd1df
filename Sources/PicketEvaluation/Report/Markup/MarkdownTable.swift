/// A table in Markdown, and text that means itself there: names of files and detectors may be anything.
package struct MarkdownTable {
    private let heads: [String]
    private let rows: [[String]]

    package init(heads: [String], rows: [[String]]) {
        self.heads = heads
        self.rows = rows
    }

    /// The lines, without a last newline.
    package var text: String {
        let lines =
            [heads.map(MarkdownTable.escaped), heads.map { _ in "---" }]
            + rows.map { $0.map(MarkdownTable.escaped) }
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// Text whose characters are no markup, neither Markdown's nor HTML's, on one line.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "$", "#": result += "\\\(character)"
            case "&": result += "&amp;"
            case _
            where character.isNewline || character.unicodeScalars.contains { $0.properties.generalCategory == .control }:
                result += " "
            default: result.append(character)
            }
        }
        return result
    }
}
