import Foundation

/// A whole document: self-contained, without scripts, and forbidden to fetch anything.
package struct Page: Sendable {
    package var title: String
    package var body: [Markup]

    package init(title: String, body: [Markup]) {
        self.title = title
        self.body = body
    }

    package var text: String {
        let document: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>\(PageStyle.sheet)</style>
            </head>
            <body>
            <main>
            \(body)
            </main>
            </body>
            </html>

            """
        return document.text
    }

    /// A part with a heading.
    static func section(_ heading: String, _ content: [Markup]) -> Markup {
        "<section>\n<h2>\(heading)</h2>\n\(content)\n</section>\n"
    }

    /// A table whose first column is text and whose others are figures.
    static func table(heads: [String], rows: [[Markup]], style: String = "") -> Markup {
        let head = heads.map { head -> Markup in "<th>\(head)</th>" }
        let body = rows.map { row -> Markup in "<tr>\(row)</tr>\n" }
        return """
            <div class="scroll"><table class="\(style)"><thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div>
            """
    }

    /// A cell of text.
    static func cell(_ text: String) -> Markup { "<td>\(text)</td>" }

    /// A share with its interval; the deeper the colour, the larger the share.
    static func cell(_ share: Double?, _ interval: RateInterval? = nil, isHeated: Bool = false) -> Markup {
        let small: Markup = interval == nil ? "" : "<small>\(Figure.interval(interval))</small>"
        guard isHeated, let share else { return "<td>\(Figure.percent(share))\(small)</td>" }
        return "<td class=\"heat\" style=\"--v:\(share, digits: 3)\">\(Figure.percent(share))\(small)</td>"
    }
}
