import Foundation

/// Clean rows' scores and those of an attack's successful rows over one axis, each as shares of its own.
struct HistogramChart {
    var clean: [Double]
    var attacked: [Double]
    /// Scores beyond which a row is flagged, with what each is.
    var thresholds: [(score: Double, name: String, style: String)]

    private static let bins = 40

    func drawing(label: String) -> Markup {
        let all = (clean + attacked).filter(\.isFinite).map(Self.compressed)
        let low = all.min() ?? 0
        let high = max(all.max() ?? 1, low + 1e-9)
        let cleanShares = Self.shares(clean, low: low, high: high)
        let attackedShares = Self.shares(attacked, low: low, high: high)
        let highest = max((cleanShares + attackedShares).max() ?? 1, 1e-9)
        let frame = ChartFrame(
            width: 300,
            height: 168,
            left: 12,
            x: (.linear, low...high),
            y: (.linear, 0...highest)
        )
        var content = frame.columns(ticks(low, high)) { Self.score($0) }
        content.append(bars(cleanShares, frame, style: "fill-clean", name: "clean rows"))
        content.append(bars(attackedShares, frame, style: "fill-attack", name: "successful examples"))
        content += thresholds.map { threshold in
            frame.mark(at: Self.compressed(threshold.score), style: threshold.style, title: threshold.name)
        }
        content.append(frame.caption("score of the chain"))
        return frame.drawing(label: label, content)
    }

    /// Scores run over orders of magnitude: linear about zero, logarithmic beyond one, on both sides.
    private static func compressed(_ score: Double) -> Double {
        let magnitude = min(abs(score), 1e12)
        return (score < 0 ? -1 : 1) * log10(1 + magnitude)
    }

    /// The score behind a place of the axis.
    private static func score(_ place: Double) -> String {
        let magnitude = pow(10, abs(place)) - 1
        let text = magnitude < 10 ? Figure.decimal(magnitude, digits: 0) : Figure.count(Int(magnitude.rounded()))
        return place < 0 && magnitude >= 0.5 ? "−" + text : text
    }

    private func ticks(_ low: Double, _ high: Double) -> [Double] {
        let round: [Double] = [0, 1, 3, 10, 30, 100, 1000, 10_000, 100_000, 1_000_000, 1e9]
        let both = round.dropFirst().reversed().map { -Self.compressed($0) } + round.map(Self.compressed)
        let inside = both.filter { $0 >= low && $0 <= high }
        // Labels need room.
        var kept: [Double] = []
        for tick in inside where kept.last.map({ (tick - $0) / (high - low) > 0.1 }) ?? true { kept.append(tick) }
        return kept
    }

    private static func shares(_ scores: [Double], low: Double, high: Double) -> [Double] {
        var counts = [Double](repeating: 0, count: bins)
        for score in scores {
            let place = score.isFinite ? (compressed(score) - low) / (high - low) : 1
            counts[min(max(Int(place * Double(bins)), 0), bins - 1)] += 1
        }
        let total = Double(max(scores.count, 1))
        return counts.map { $0 / total }
    }

    private func bars(_ shares: [Double], _ frame: ChartFrame, style: String, name: String) -> Markup {
        let width = (frame.x.end - frame.x.start) / Double(Self.bins)
        let bars = shares.enumerated().filter { $0.element > 0 }.map { index, share -> Markup in
            let top = frame.y.place(share)
            return """
                <rect x="\(frame.x.start + Double(index) * width)" y="\(top)" width="\(width - 0.4)" \
                height="\(frame.y.start - top)"><title>\(name): \(Figure.percent(share))</title></rect>
                """
        }
        return "<g class=\"\(style)\">\(bars)</g>"
    }
}
