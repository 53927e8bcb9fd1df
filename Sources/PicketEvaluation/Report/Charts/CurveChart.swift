/// ROC curves over a logarithmic false-positive rate: what happens at rates that anybody can live with takes most of the
/// width.
struct CurveChart {
    struct Curve {
        var name: String
        /// The class that colours it.
        var style: String
        var points: [RankingCurve.Point]
    }

    var curves: [Curve]
    /// The rate that is promised.
    var alpha: Double
    /// One over the clean rows: no lower rate was measured.
    var finest: Double

    /// Points a curve keeps.
    private static let resolution = 120

    func drawing(label: String) -> Markup {
        let frame = ChartFrame(
            width: 300,
            height: 216,
            right: 18,
            x: (.logarithmic, min(finest, 0.1)...1),
            y: (.linear, 0...1)
        )
        var content = frame.columns(frame.x.ticks) { Self.rate($0) }
        content += frame.rows([0, 0.25, 0.5, 0.75, 1]) { Figure.percent($0, digits: 0) }
        content.append(frame.mark(at: alpha, title: "promised: \(Figure.percent(alpha))"))
        content += curves.map { curve in
            """
            <path class="line \(curve.style)" d="\(Self.path(curve.points, frame))"><title>\(curve.name)</title></path>
            """
        }
        content.append(frame.caption("false-positive rate, measured"))
        return frame.drawing(label: label, content)
    }

    private static func rate(_ rate: Double) -> String {
        rate >= 0.01 ? Figure.percent(rate, digits: 0) : "\((rate * 1e6).rounded() / 1e4) %"
    }

    /// A staircase: between two measured rates detection is that of the lower one.
    private static func path(_ points: [RankingCurve.Point], _ frame: ChartFrame) -> String {
        var text = ""
        var last = (x: -1.0, y: -1.0)
        let step = (frame.x.end - frame.x.start) / Double(resolution)
        for (index, point) in points.enumerated() {
            let place = (x: frame.x.place(point.falsePositiveRate), y: frame.y.place(point.detectionRate))
            let isEnd = index == 0 || index == points.count - 1
            // Of points that share a place on paper the last one counts, which the next round draws from.
            let hasNext = index + 1 < points.count
            let next = hasNext ? frame.x.place(points[index + 1].falsePositiveRate) : .infinity
            guard isEnd || next - last.x >= step else { continue }
            text += text.isEmpty ? "M\(tenth(place.x)) \(tenth(place.y))" : "H\(tenth(place.x))V\(tenth(place.y))"
            last = place
        }
        return text
    }

    private static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
