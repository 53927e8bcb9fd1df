import Foundation

/// A piece of an HTML or SVG page that is safe by how it is made: what stands in a literal is ours, and whatever is put
/// into one is escaped (file names, class names, a configuration's text may be hostile), unless it is markup itself.
package struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// As it is written into the page.
    package private(set) var text: String

    package init(stringLiteral value: String) { text = value }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Text that comes from outside.
    package init(escaping text: some StringProtocol) { self.text = Markup.escaped(text) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text: String

        package init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity * 2)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ foreign: some StringProtocol) { text += Markup.escaped(foreign) }

        package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

        package mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { text += part.text }
        }

        package mutating func appendInterpolation(_ number: Int) { text += String(number) }

        /// A number with so many digits behind the point; what is not finite becomes 0, since pages can't place it.
        package mutating func appendInterpolation(_ number: Double, digits: Int = 1) {
            text += String(format: "%.\(digits)f", number.isFinite ? number : 0)
        }
    }

    package static let empty: Markup = ""

    package static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }

    /// Text whose characters mean themselves, in elements and in quoted attributes. What XML allows in no document
    /// (control characters) becomes U+FFFD.
    private static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t", "\r": result.unicodeScalars.append(scalar)
            case let other where other.value < 0x20 || other.value == 0x7f: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
