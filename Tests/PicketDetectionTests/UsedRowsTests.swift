import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

@Suite("Rows that a calibration has used")
struct UsedRowsTests {
    /// Every row of every part is known again, after a round through the file, and no other is.
    @Test(arguments: [false, true])
    func usedRowsAreKnownAgain(learns: Bool) async throws {
        let outcome = try await CalibratorTests.outcome(["plain"], flags: learns ? ["-DLEARNS"] : [])
        let file = try CalibrationFile(decoding: outcome.file.encoded())
        #expect(file.counts.fit == (learns ? 48 : 0))
        let used = ChainFixture.rows(240, from: 1)
        #expect(file.overlap(with: used) == Array(0..<240))
        #expect(try file.overlap(with: RowsInMemory(tensor: used)) == Array(0..<240))
        let fresh = ChainFixture.rows(300, from: 241)
        #expect(file.overlap(with: fresh) == [])
        let mixed = Tensor.concatenatingRows([fresh.rows(0..<100), used.rows(7..<9), fresh.rows(100..<101)])
        #expect(try file.overlap(with: RowsInMemory(tensor: mixed)) == [100, 101])
    }

    @Test func oneGreyLevelMakesAnotherRow() async throws {
        let file = try await CalibratorTests.outcome(["plain"]).file
        var row = ChainFixture.rows(1, from: 5)
        #expect(file.overlap(with: row) == [0])
        row.withUnsafeMutableElements(of: Float.self) { $0[3] += 1.0 / 255 }
        #expect(file.overlap(with: row) == [])
    }

    /// Two keys give two sets of codes for the same rows; one key gives the same again.
    @Test func codesFollowTheKey() async throws {
        func rows(_ key: RandomnessKey) async throws -> UsedRows {
            var calibrator = try CalibratorTests.calibrator(["plain"])
            calibrator.key = key
            return try await calibrator.calibrate(
                on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
                created: CalibratorTests.created,
                progress: { _ in }
            ).file.usedRows
        }
        let one = try await rows(ChainFixture.key)
        #expect(try await rows(ChainFixture.key) == one)
        let other = try await rows(ChainFixture.otherKey)
        #expect(one.codes.count == 240 && other.codes.count == 240)
        #expect(Set(one.codes).isDisjoint(with: other.codes))
        #expect(one.salt != other.salt)
    }

    @Test func equalRowsHaveOneCode() async throws {
        let rows = ChainFixture.rows(120, from: 1)
        let file = try await CalibratorTests.calibrator(["plain"]).calibrate(
            on: RowsInMemory(tensor: .concatenatingRows([rows, rows])),
            created: CalibratorTests.created,
            progress: { _ in }
        ).file
        #expect(file.usedRows.codes.count == 120)
    }
}
