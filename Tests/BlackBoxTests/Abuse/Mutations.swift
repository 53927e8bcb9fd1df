/// Damages files the same way in every run.
struct Mutations {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    /// Every other time one byte changed, so that much stays sound around it; else bytes changed, cut off, cut out,
    /// doubled or put in between, once or a few times.
    ///
    /// - Parameter reach: damage falls into the first and last so many bytes, where files have their structure.
    mutating func damaged(_ bytes: [UInt8], reach: Int) -> [UInt8] {
        var bytes = bytes
        let isGentle = below(2) == 0
        for _ in 0...(isGentle ? 0 : below(4)) where !bytes.isEmpty {
            let span = min(reach, bytes.count)
            let place = below(2) == 0 ? below(span) : bytes.count - 1 - below(span)
            let length = min(1 + below(16), bytes.count - place)
            switch below(isGentle ? 3 : 7) {
            case 0: bytes[place] ^= 1 << UInt8(below(8))
            case 1: bytes[place] = pick([0, 1, 0x7f, 0x80, 0xff])
            case 2: bytes[place] = UInt8(below(256))
            case 3: bytes.removeSubrange(place..<place + length)
            case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
            case 5: bytes.insert(contentsOf: (0..<length).map { _ in UInt8(below(256)) }, at: place)
            default: if below(3) == 0 { bytes.removeSubrange(place...) } else { bytes[place] &+= 1 }
            }
        }
        return bytes
    }

    /// Words (numbers, names, punctuation) exchanged for others that are wrong there in some way.
    mutating func reworded(_ text: String) -> String {
        var words = text.split(separator: /\b/, omittingEmptySubsequences: true).map(String.init)
        for _ in 0...below(3) where !words.isEmpty {
            let place = below(words.count)
            switch below(4) {
            case 0: words.remove(at: place)
            case 1: words.insert(words[below(words.count)], at: place)
            case 2: words.swapAt(place, below(words.count))
            default:
                words[place] = pick([
                    "-1", "0", "1e999", "NaN", "99999999999999999999", "null", "\"\"", "[]", "{}", "[", "}", "&a", "*a",
                    "~", "\u{0}", "é", "true", "0x10", "1_000", "...", "\n", "\t", ": ", "- ", "#", "!!binary", "<<",
                ])
            }
        }
        return words.joined()
    }
}
