extension Field {
    /// `true` or `false`, as YAML's core schema writes them.
    func boolean() -> Bool? {
        let expected = "true or false"
        guard let text = plainText(expected) else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default:
            refuse(expected)
            return nil
        }
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = plainText(expected) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            refuse(expected)
            return nil
        }
        return value
    }

    /// A finite number for which `accepts` holds.
    func number(_ expected: String, where accepts: (Double) -> Bool) -> Double? {
        guard let text = plainText(expected) else { return nil }
        guard case .number(let literal) = CoreScalar(plain: text), let value = Double(literal), accepts(value) else {
            refuse(expected)
            return nil
        }
        return value
    }

    func keyword<Keyword: RawRepresentable & CaseIterable>(_ type: Keyword.Type) -> Keyword?
    where Keyword.RawValue == String {
        let words = Keyword.allCases.map(\.rawValue)
        let expected = "one of \(words.joined(separator: ", "))"
        guard let text = text(expected) else { return nil }
        if let value = Keyword(rawValue: text) {
            return value
        }
        let nearest = Suggestion.nearest(to: text, among: words).map { "; did you mean \($0)?" }
        refuse(expected + (nearest ?? ""))
        return nil
    }

    /// A name of 1 to 64 letters, digits, dots, underscores and hyphens.
    func name() -> String? {
        text(matching: "1 to 64 letters, digits, dots, underscores or hyphens") { character in
            character.isASCIILetterOrDigit || "._-".unicodeScalars.contains(character)
        }
    }

    /// A plugin's name, which becomes part of a file name: 1 to 64 small letters, digits and hyphens.
    func pluginName() -> String? {
        text(matching: "1 to 64 small letters, digits or hyphens") { character in
            (character.isASCIILetterOrDigit && !character.properties.isUppercase) || character == "-"
        }
    }

    private func text(matching expected: String, _ accepts: (Unicode.Scalar) -> Bool) -> String? {
        guard let text = text(expected) else { return nil }
        guard (1...64).contains(text.unicodeScalars.count), text.unicodeScalars.allSatisfy(accepts) else {
            refuse(expected)
            return nil
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetterOrDigit: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}
