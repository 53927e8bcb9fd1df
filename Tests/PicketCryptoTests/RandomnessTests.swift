import Foundation
import PicketCrypto
import Testing

@Suite("Keys and draws")
struct RandomnessTests {
    static let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

    /// head -c 32 /dev/zero | openssl enc -chacha20 -K $(printf picket | sha256sum | cut -c1-64) -iv 0 | xxd -p
    @Test func knownStream() throws {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "picket"))
        let words = (0..<4).map { _ in generator.next() }
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
        #expect(Hexadecimal.encode(bytes) == "9a8fce15662f7b08a0894285ad318f784c61756da340fd53c96f85f71e023016")
    }

    @Test func equalSeedsEqualStreams() {
        let one = KeyedGenerator(seed: SHA256Digest(of: "a"))
        let same = KeyedGenerator(seed: SHA256Digest(of: "a"))
        let other = KeyedGenerator(seed: SHA256Digest(of: "b"))
        let words = (0..<1000).map { _ in one.next() }
        #expect(words == (0..<1000).map { _ in same.next() })
        #expect(words != (0..<1000).map { _ in other.next() })
        #expect(Set(words).count == 1000)
    }

    @Test func bitsAreBalanced() {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "balance"))
        let ones = (0..<10_000).reduce(0) { sum, _ in sum + generator.next().nonzeroBitCount }
        // 640,000 fair bits: standard deviation 400.
        #expect(abs(ones - 320_000) < 2_000)
    }

    @Test func keyNeverShowsItself() throws {
        let key = try RandomnessKey(hex: RandomnessTests.hex)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("0001"))
            #expect(text.contains(key.id))
        }
        #expect(key.id.count == 16)
    }

    @Test func codesDependOnKeyAndMessage() throws {
        let key = try RandomnessKey(hex: RandomnessTests.hex)
        #expect(key.code(of: [1]) == HMACSHA256.code(key: (0..<32).map { UInt8($0) }, message: [1]))
        #expect(key.code(of: [1]) != key.code(of: [2]))
        #expect(RandomnessKey.drawn().id != RandomnessKey.drawn().id)
    }

    @Test(arguments: [
        (Data((0..<32).map { UInt8($0) }), true),
        (Data(hex.utf8), true),
        (Data((hex + "\n").utf8), true),
        (Data((hex + "\n\n").utf8), false),
        (Data(hex.dropLast().utf8), false),
        (Data(), false),
        (Data(repeating: 0, count: 33), false),
        (Data(repeating: 48, count: 5_000_000), false),
    ])
    func keyFiles(content: Data, valid: Bool) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "picket-key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try content.write(to: url)
        if valid {
            #expect(try RandomnessKey(file: url.path).id == RandomnessKey(hex: RandomnessTests.hex).id)
        } else {
            #expect(throws: RandomnessKeyFault.self) { try RandomnessKey(file: url.path) }
        }
    }

    @Test(arguments: ["", "00", String(hex.dropLast()) + "g", hex + "00"])
    func noKey(text: String) {
        #expect(throws: RandomnessKeyFault.hex) { try RandomnessKey(hex: text) }
    }
}
