extension Field {
    /// A number of bytes: `65536`, `64KiB`, `64MiB`, `1GiB`.
    func byteCount(in range: ClosedRange<Int>) -> Int? {
        let units = ["": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40]
        let expected = "a size from \(range.lowerBound) to \(range.upperBound) bytes, such as 65536, 64KiB, 8MiB, 1GiB"
        guard let (count, unit) = quantity(expected), let factor = units[unit] else {
            return refuseQuantity(expected)
        }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: factor)
        guard !overflows, range.contains(bytes) else { return refuseQuantity(expected) }
        return bytes
    }

    /// A span of time: `500ms`, `2s`, `1m`, `1h`.
    func duration(upTo hours: Int) -> Duration? {
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
        let expected = "a span of time from 1ms to \(hours)h, such as 500ms, 2s, 1m"
        guard let (count, unit) = quantity(expected), let factor = units[unit] else {
            return refuseQuantity(expected)
        }
        let (milliseconds, overflows) = count.multipliedReportingOverflow(by: factor)
        guard !overflows, (1...hours * 3_600_000).contains(milliseconds) else { return refuseQuantity(expected) }
        return .milliseconds(milliseconds)
    }

    /// A rate: `20/s`, `100/m`, `1000/h`.
    func rate() -> Rate? {
        let units = ["/s": 1, "/m": 60, "/h": 3600]
        let expected = "a rate from 1 to 1000000, such as 20/s, 100/m, 1000/h"
        guard let (count, unit) = quantity(expected), let seconds = units[unit], (1...1_000_000).contains(count) else {
            return refuseQuantity(expected)
        }
        return Rate(count: count, per: .seconds(seconds))
    }

    /// Permissions in octal, as `chmod` takes them: `"0660"`.
    func permissions() -> UInt32? {
        let expected = "permissions in octal, such as \"0660\""
        guard let text = text(expected) else { return nil }
        guard text.utf8.count == 4, text.first == "0", let bits = UInt32(text, radix: 8) else {
            refuse(expected)
            return nil
        }
        return bits
    }

    /// Digits, then a unit; nil without a log where the text has no such form.
    private func quantity(_ expected: String) -> (count: Int, unit: String)? {
        guard case .scalar(let text, _) = node.content else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        return (count, String(text.dropFirst(digits.count)))
    }

    private func refuseQuantity<Value>(_ expected: String) -> Value? {
        refuse(expected)
        return nil
    }
}
