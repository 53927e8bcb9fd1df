import PicketConfiguration
import Testing

/// A valid file, damaged in ways that hands, disks and attackers damage files.
@Suite struct MutationTests {
    @Test(arguments: 0..<24)
    func damagedFilesEndInFaultsOrConfigurations(seed: Int) throws {
        var generator = SplitMix64(state: UInt64(seed))
        let original = try Cases.bytes("valid-complete")
        var refused = 0
        for _ in 0..<25 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                mutate(&bytes, &generator)
            }
            let lines = Cases.faults(bytes)
            refused += lines.isEmpty ? 0 : 1
            #expect(lines.count <= 100)
            for line in lines {
                #expect(line.hasPrefix("picket.yaml:"))
                #expect(line.contains(": expected "))
                #expect(!line.contains("\n"))
            }
        }
        #expect(refused > 0)
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 1...40, using: &generator))
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[start] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(start..<end)
        case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 4: bytes.removeSubrange(start...)
        case 5:
            let marks = Array("[]{}&*!|>'\"%@`,?:-#\n\t ".utf8)
            bytes.insert(marks[Int.random(in: 0..<marks.count, using: &generator)], at: start)
        case 6:
            let words = ["null", "~", "1e999", "-1", "[]", "{}", "\"\"", "99999999999999999999", ".nan", "*a", "&a "]
            bytes.replaceSubrange(
                start..<end,
                with: Array(words[Int.random(in: 0..<words.count, using: &generator)].utf8)
            )
        default:
            let other = Int.random(in: 0..<bytes.count, using: &generator)
            bytes.swapAt(start, other)
        }
    }
}

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
