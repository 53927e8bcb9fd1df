import Foundation

/// Maps numbers to places along an axis.
package struct ChartScale: Sendable {
    package enum Kind: Sendable {
        case linear
        case logarithmic
    }

    package let kind: Kind
    package let domain: ClosedRange<Double>
    /// Where the domain's ends lie; the first may be the larger, as on a vertical axis.
    package let start: Double
    package let end: Double

    package init(_ kind: Kind, domain: ClosedRange<Double>, from start: Double, to end: Double) {
        precondition(kind == .linear || domain.lowerBound > 0, "a logarithmic axis begins above zero")
        self.kind = kind
        self.domain = domain
        self.start = start
        self.end = end
    }

    /// The number's place; what lies outside the domain is at its end.
    package func place(_ number: Double) -> Double {
        let value = min(max(number.isNaN ? domain.lowerBound : number, domain.lowerBound), domain.upperBound)
        let share: Double
        switch kind {
        case .linear:
            let width = domain.upperBound - domain.lowerBound
            share = width > 0 ? (value - domain.lowerBound) / width : 0
        case .logarithmic:
            let width = log(domain.upperBound / domain.lowerBound)
            share = width > 0 ? log(value / domain.lowerBound) / width : 0
        }
        return start + share * (end - start)
    }

    /// Round numbers across the domain.
    package var ticks: [Double] {
        switch kind {
        case .logarithmic:
            let first = Int(log10(domain.lowerBound).rounded(.up))
            let last = Int(log10(domain.upperBound).rounded(.down))
            return first <= last ? (first...last).map { pow(10, Double($0)) } : []
        case .linear:
            let width = domain.upperBound - domain.lowerBound
            guard width > 0, width.isFinite else { return [domain.lowerBound] }
            let rough = width / 5
            let power = pow(10, log10(rough).rounded(.down))
            let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
            let first = (domain.lowerBound / step).rounded(.up)
            let last = (domain.upperBound / step + 1e-9).rounded(.down)
            return first <= last ? (Int(first)...Int(last)).map { Double($0) * step } : []
        }
    }
}
