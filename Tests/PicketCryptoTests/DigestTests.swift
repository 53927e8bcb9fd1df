import Foundation
import PicketCrypto
import Testing

@Suite("SHA-256 and HMAC")
struct DigestTests {
    /// FIPS 180-4 examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func knownDigests(text: String, expected: String) {
        #expect(SHA256Digest(of: text).hex == expected)
        let hasher = SHA256Hasher()
        for part in text.split(separator: "c", omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { hasher.update("c") }
            hasher.update(String(part.element))
        }
        #expect(hasher.finalize().hex == expected)
        #expect(hasher.finalize().hex == SHA256Digest(of: "").hex)
    }

    /// FIPS 180-4: a million letters, in parts that do not divide the block.
    @Test func millionLetters() {
        let hasher = SHA256Hasher()
        for _ in 0..<1000 {
            hasher.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000))
        }
        #expect(hasher.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// RFC 4231, cases 1, 2, 3 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func knownCodes(key: [UInt8], message: [UInt8], expected: String) {
        #expect(HMACSHA256.code(key: key, message: message).hex == expected)
    }

    @Test func emptyKeyIsAKey() {
        // echo -n x | openssl dgst -sha256 -mac HMAC -macopt hexkey:00 pads alike: zeros fill the block.
        let empty = HMACSHA256.code(key: [], message: [1])
        #expect(empty == HMACSHA256.code(key: [0, 0, 0], message: [1]))
        #expect(empty != HMACSHA256.code(key: [1], message: [1]))
    }

    @Test func fileIsReadInParts() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "picket-digest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: url)
        #expect(try SHA256Digest(ofFile: url.path) == SHA256Digest(of: bytes))
    }

    @Test(arguments: ["/nonexistent/picket", "/", "/dev/null"])
    func noRegularFile(path: String) {
        #expect(throws: FileFault.self) { try SHA256Digest(ofFile: path) }
    }

    @Test func fieldsCannotBeShifted() {
        let one = SHA256Hasher()
        one.update(field: "ab")
        one.update(field: "c")
        let other = SHA256Hasher()
        other.update(field: "a")
        other.update(field: "bc")
        #expect(one.finalize() != other.finalize())
    }

    @Test(arguments: ["0", "zz", "0g", "00 1", "é0"])
    func noHexadecimal(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    @Test func hexadecimalRoundTrip() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes).uppercased()) == bytes)
    }
}
