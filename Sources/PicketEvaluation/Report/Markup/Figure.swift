import Foundation

/// How numbers are written in pages and tables.
package enum Figure {
    /// A share as a percentage with one digit, or a dash where there is none.
    package static func percent(_ share: Double?, digits: Int = 1) -> String {
        share.map { String(format: "%.\(digits)f %%", $0 * 100) } ?? "–"
    }

    /// A number with so many digits behind the point, or a dash.
    package static func decimal(_ value: Double?, digits: Int = 3) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "–"
    }

    /// A whole number with thin spaces between thousands.
    package static func count(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert("\u{202f}", at: place) }
        return (number < 0 ? "−" : "") + String(digits)
    }

    /// An interval of shares in percent, or nothing.
    package static func interval(_ interval: RateInterval?) -> String {
        interval.map { String(format: "%.1f–%.1f", $0.lower * 100, $0.upper * 100) } ?? ""
    }
}
