/// Shares with their intervals, one below the other.
struct IntervalChart {
    struct Entry {
        var name: String
        /// What it was counted on.
        var remark: String
        var value: Double?
        var interval: RateInterval?
        /// A second figure on the same line, drawn hollow.
        var second: Double?
    }

    var entries: [Entry]
    /// Shares that mean something, drawn across.
    var marks: [(value: Double, name: String)]
    /// The end of the axis; nil: what the entries need.
    var largest: Double?
    /// Names of the two figures.
    var valueName: String
    var secondName: String

    private static let rowHeight = 19.0

    func drawing(label: String) -> Markup {
        let needed = entries.flatMap { [$0.interval?.upper ?? $0.value ?? 0, $0.second ?? 0] } + marks.map(\.value)
        let end = largest ?? min(max((needed.max() ?? 0) * 1.05, 0.02), 1)
        let names = Double(entries.map(\.name.count).max() ?? 0)
        let frame = ChartFrame(
            width: 960,
            height: Double(entries.count) * Self.rowHeight + 34,
            left: min(max(names * 7.4 + 14, 60), 300),
            right: 112,
            bottom: 26,
            x: (.linear, 0...end),
            y: (.linear, 0...Double(max(entries.count, 1)))
        )
        var content = frame.columns(frame.x.ticks) { Figure.percent($0, digits: end < 0.1 ? 1 : 0) }
        content += marks.map { frame.mark(at: $0.value, title: $0.name) }
        for (index, entry) in entries.enumerated() {
            let middle = frame.y.end + (Double(index) + 0.5) * Self.rowHeight
            content.append(row(entry, at: middle, frame))
        }
        return frame.drawing(label: label, content)
    }

    private func row(_ entry: Entry, at y: Double, _ frame: ChartFrame) -> Markup {
        var content: Markup = """
            <text class="name" x="\(frame.x.start - 8)" y="\(y + 4)" text-anchor="end">\(entry.name)</text>\
            <text class="figure" x="\(frame.width)" y="\(y + 4)" text-anchor="end">\(Figure.percent(entry.value))\
            <tspan class="remark"> \(entry.remark)</tspan></text>
            """
        if let interval = entry.interval {
            let (low, high) = (frame.x.place(interval.lower), frame.x.place(interval.upper))
            let title = "\(entry.name): \(Figure.percent(interval.lower)) to \(Figure.percent(interval.upper))"
            content =
                content
                + "<line class=\"whisker\" x1=\"\(low)\" x2=\"\(high)\" y1=\"\(y)\" y2=\"\(y)\"><title>\(title)</title></line>"
        }
        if let second = entry.second {
            let title = "\(secondName): \(Figure.percent(second))"
            content =
                content
                + "<circle class=\"hollow\" cx=\"\(frame.x.place(second))\" cy=\"\(y)\" r=\"4\"><title>\(title)</title></circle>"
        }
        if let value = entry.value {
            let title = "\(valueName): \(Figure.percent(value))"
            content =
                content
                + "<circle class=\"dot\" cx=\"\(frame.x.place(value))\" cy=\"\(y)\" r=\"4\"><title>\(title)</title></circle>"
        }
        return content
    }
}
