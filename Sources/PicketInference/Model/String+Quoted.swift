extension String {
    /// A name from a model in quotes, safe for a log line: control characters escaped, long names cut in the middle.
    var quotedForMessage: String {
        let limit = 160
        guard unicodeScalars.count > limit else { return debugDescription }
        let head = String(String.UnicodeScalarView(unicodeScalars.prefix(limit / 2)))
        let tail = String(String.UnicodeScalarView(unicodeScalars.suffix(limit / 2)))
        return "\(head)…\(tail)".debugDescription
    }
}
