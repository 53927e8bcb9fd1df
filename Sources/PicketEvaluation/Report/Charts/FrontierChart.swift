import Foundation

/// Detection against passes: what each further pass buys.
struct FrontierChart {
    struct Series {
        var name: String
        var style: String
        /// Passes and what they reach, by passes.
        var points: [(passes: Int, value: Double)]
    }

    var series: [Series]
    /// What is allowed.
    var budget: Int

    func drawing(label: String) -> Markup {
        let passes = series.flatMap { $0.points.map(\.passes) } + [budget]
        let most = Double(max(passes.max() ?? 2, 2))
        let frame = ChartFrame(
            width: 960,
            height: 300,
            left: 46,
            x: (.logarithmic, 1...most),
            y: (.linear, 0...1)
        )
        let ticks = Set(passes.map(Double.init) + [1]).sorted()
        var shown: [Double] = []
        for tick in ticks where shown.last.map({ frame.x.place(tick) - frame.x.place($0) > 20 }) ?? true {
            shown.append(tick)
        }
        var content = frame.columns(shown) { Figure.count(Int($0)) }
        content += frame.rows([0, 0.25, 0.5, 0.75, 1]) { Figure.percent($0, digits: 0) }
        content.append(frame.mark(at: Double(budget), title: "budget: \(budget) passes"))
        content += series.flatMap { drawing(of: $0, frame) }
        content.append(frame.caption("passes of a request of one row"))
        return frame.drawing(label: label, content)
    }

    private func drawing(of series: Series, _ frame: ChartFrame) -> [Markup] {
        let places = series.points.map { (frame.x.place(Double($0.passes)), frame.y.place($0.value)) }
        guard let first = places.first else { return [] }
        let path = places.dropFirst().reduce("M\(Self.tenth(first.0)) \(Self.tenth(first.1))") { path, place in
            "\(path)L\(Self.tenth(place.0)) \(Self.tenth(place.1))"
        }
        let dots = zip(series.points, places).map { point, place -> Markup in
            """
            <circle class="point \(series.style)" cx="\(place.0)" cy="\(place.1)" r="3.5"><title>\(series.name), \
            \(point.passes) passes: \(Figure.percent(point.value))</title></circle>
            """
        }
        return ["<path class=\"line chain \(series.style)\" d=\"\(path)\"><title>\(series.name)</title></path>"] + dots
    }

    private static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
