/// Parameters: numbers in a range, with faults that name it.
extension KeyedDecodingContainer {
    /// A fault at a key, in one sentence: what was found, and what was expected.
    package func fault(_ key: Key, _ sentence: String) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: sentence)
    }

    func integer(_ key: Key, in range: ClosedRange<Int>) throws -> Int {
        let number = try decode(Int.self, forKey: key)
        guard range.contains(number) else {
            throw fault(key, "found \(number), expected an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Nil where the key is not there.
    func odd(_ key: Key, in range: ClosedRange<Int>) throws -> Int? {
        guard contains(key) else { return nil }
        let number = try decode(Int.self, forKey: key)
        guard range.contains(number), number % 2 == 1 else {
            throw fault(
                key,
                "found \(number), expected an odd integer from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func number(_ key: Key, in range: ClosedRange<Double>) throws -> Double {
        let number = try decode(Double.self, forKey: key)
        guard range.contains(number) else {
            throw fault(key, "found \(number), expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func angle(_ key: Key, in range: ClosedRange<Double>) throws -> Double {
        let degrees = try decode(Double.self, forKey: key)
        guard range.contains(degrees), degrees != 0 else {
            let bounds = "from \(Int(range.lowerBound)) to \(Int(range.upperBound)), not 0"
            throw fault(key, "found \(degrees), expected degrees \(bounds)")
        }
        return degrees
    }
}
