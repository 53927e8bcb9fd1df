/// The drawing area of a chart with its axes.
struct ChartFrame {
    let width: Double
    let height: Double
    let x: ChartScale
    let y: ChartScale

    /// - Parameters:
    ///   - left: room for the vertical axis' labels.
    ///   - bottom: room for the horizontal axis' labels.
    init(
        width: Double,
        height: Double,
        left: Double = 38,
        right: Double = 10,
        top: Double = 8,
        bottom: Double = 32,
        x: (kind: ChartScale.Kind, domain: ClosedRange<Double>),
        y: (kind: ChartScale.Kind, domain: ClosedRange<Double>)
    ) {
        self.width = width
        self.height = height
        self.x = ChartScale(x.kind, domain: x.domain, from: left, to: width - right)
        self.y = ChartScale(y.kind, domain: y.domain, from: height - bottom, to: top)
    }

    /// The chart's drawing with a text for those who do not see it.
    func drawing(label: String, _ content: [Markup]) -> Markup {
        """
        <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(label)">\(content)</svg>
        """
    }

    /// Lines and labels across the drawing at some values of the horizontal axis.
    func columns(_ ticks: [Double], label: (Double) -> String) -> [Markup] {
        ticks.map { tick in
            """
            <line class="grid" x1="\(x.place(tick))" x2="\(x.place(tick))" y1="\(y.start)" y2="\(y.end)"/>\
            <text class="tick" x="\(x.place(tick))" y="\(y.start + 13)" text-anchor="middle">\(label(tick))</text>
            """
        }
    }

    /// Lines and labels across the drawing at some values of the vertical axis.
    func rows(_ ticks: [Double], label: (Double) -> String) -> [Markup] {
        ticks.map { tick in
            """
            <line class="grid" x1="\(x.start)" x2="\(x.end)" y1="\(y.place(tick))" y2="\(y.place(tick))"/>\
            <text class="tick" x="\(x.start - 5)" y="\(y.place(tick) + 3.5)" text-anchor="end">\(label(tick))</text>
            """
        }
    }

    /// What the horizontal axis shows.
    func caption(_ text: String) -> Markup {
        """
        <text class="caption" x="\((x.start + x.end) / 2)" y="\(height - 4)" text-anchor="middle">\(text)</text>
        """
    }

    /// A line from top to bottom that means something.
    func mark(at value: Double, style: String = "mark", title: String) -> Markup {
        """
        <line class="\(style)" x1="\(x.place(value))" x2="\(x.place(value))" y1="\(y.start)" y2="\(y.end)">\
        <title>\(title)</title></line>
        """
    }
}
