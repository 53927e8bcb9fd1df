/// An unquoted scalar as YAML 1.2's core schema (section 10.3.2) types it.
enum CoreScalar: Equatable {
    case null
    case boolean(Bool)
    /// A number as JSON writes it, its digits kept.
    case number(String)
    /// `.inf` and `.nan`, and numbers beyond a double's range: JSON has no word for them.
    case nonFinite
    case string(String)

    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case ".nan", ".NaN", ".NAN": self = .nonFinite
        default:
            if let literal = Self.prefixedInteger(text) {
                self = .number(literal)
            } else if let literal = Self.decimal(text) {
                self = Double(literal).map(\.isFinite) == true ? .number(literal) : .nonFinite
            } else {
                let unsigned = text.drop { $0 == "+" || $0 == "-" }
                let isInfinite = text.count - unsigned.count <= 1 && [".inf", ".Inf", ".INF"].contains(unsigned)
                self = isInfinite ? .nonFinite : .string(text)
            }
        }
    }

    /// `0x` and `0o` integers, in decimal.
    private static func prefixedInteger(_ text: String) -> String? {
        let radix = text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : 0
        let digits = text.dropFirst(2)
        guard radix != 0, let first = digits.first, first != "+", first != "-" else { return nil }
        return UInt64(digits, radix: radix).map(String.init)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, in JSON's spelling.
    private static func decimal(_ text: String) -> String? {
        var rest = text.utf8[...]
        var result = ""
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
            if sign == UInt8(ascii: "-") { result = "-" }
        }
        let whole = takeDigits(&rest)
        result += whole.isEmpty ? "0" : String(whole.drop { $0 == "0" }).nonEmpty ?? "0"
        var hasDigits = !whole.isEmpty
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = takeDigits(&rest)
            hasDigits = hasDigits || !fraction.isEmpty
            result += "." + (fraction.isEmpty ? "0" : fraction)
        }
        guard hasDigits else { return nil }
        if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
            rest.removeFirst()
            result += "e"
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                rest.removeFirst()
                if sign == UInt8(ascii: "-") { result += "-" }
            }
            let exponent = takeDigits(&rest)
            guard !exponent.isEmpty else { return nil }
            result += exponent
        }
        return rest.isEmpty ? result : nil
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> String {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest[digits.endIndex...]
        return String(decoding: digits, as: UTF8.self)
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
