import Foundation
import PicketEvaluation
import PicketTensor
import Testing

@Suite struct DataSetTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let pictures = root.appending(path: "Tests/Cases/pictures/labelled").path
    static let attacked = root.appending(path: "Examples/fashion-mnist/data/adversarial/deepfool-8bit.npz").path

    @Test func readsAnArchiveWithItsCleanSamples() throws {
        let set = try DataSet.load(path: DataSetTests.attacked, picture: nil)
        #expect(set.x.elementType == .uint8 && set.x.shape.row == [1, 28, 28])
        let x0 = try #require(set.x0)
        #expect(x0.shape == set.x.shape)
        #expect(try #require(set.y).count == set.count)
        let original: [UInt8] = x0.elements()
        #expect(set.x.elements() != original, "an attack changes its samples")
        #expect(set.group == nil)
    }

    @Test(arguments: [false, true])
    func readsAFolderOfPictures(channelsLast: Bool) throws {
        let format = PictureFormat(channels: 3, height: 3, width: 4, channelsLast: channelsLast)
        let set = try DataSet.load(path: DataSetTests.pictures, picture: format)
        #expect(set.count == 3)
        #expect(set.y == [0, 0, 1])
        #expect(set.x.shape.row == (channelsLast ? [3, 4, 3] : [3, 3, 4]))
        // PNG is exact: pixel p of channel c is 16 + 3 p + c.
        let first: [UInt8] = set.x.row(0).elements()
        let interleaved = (0..<36).map { 16 + $0 }
        let planar = (0..<36).map { 16 + 3 * ($0 % 12) + $0 / 12 }
        let expected = (channelsLast ? interleaved : planar).map { UInt8($0) }
        #expect(first == expected)
        // JPEG is near.
        let second: [UInt8] = set.x.row(1).elements()
        for (found, wanted) in zip(second, expected) { #expect(abs(Int(found) - Int(wanted)) < 16) }
    }

    @Test func greyPicturesAreReadAsGrey() throws {
        let format = PictureFormat(channels: 1, height: 3, width: 4, channelsLast: false)
        #expect(try DataSet.load(path: DataSetTests.pictures, picture: format).x.shape == [3, 1, 3, 4])
    }

    @Test(
        arguments: [
            ("/nowhere", PictureFormat(channels: 3, height: 3, width: 4, channelsLast: false), "No such file"),
            ("/nowhere.npz", nil, "No such file"), (pictures, nil, "kind: image"),
            (pictures, PictureFormat(channels: 2, height: 3, width: 4, channelsLast: false), "1 or 3"),
            (
                pictures, PictureFormat(channels: 3, height: 28, width: 28, channelsLast: false),
                "4×3 pixels, expected 28×28"
            ),
        ] as [(String, PictureFormat?, String)]
    )
    func saysWhatIsWrong(path: String, picture: PictureFormat?, reason: String) throws {
        let fault = try #require(throws: DataSetFault.self) { try DataSet.load(path: path, picture: picture) }
        #expect(fault.description.contains(reason), "\(fault)")
    }

    @Test func partsMustGoTogether() {
        let x = Tensor(zeros: .float32, shape: [2, 3])
        #expect(throws: DataSetFault.self) { try DataSet(x: x, y: [1]) }
        #expect(throws: DataSetFault.self) { try DataSet(x: x, group: [1, 2, 3]) }
        #expect(throws: DataSetFault.self) { try DataSet(x: x, x0: Tensor(zeros: .uint8, shape: [2, 3])) }
        #expect(throws: DataSetFault.self) { try DataSet(x: Tensor(zeros: .int64, shape: [2, 3])) }
        #expect(throws: DataSetFault.self) { try DataSet(x: Tensor(zeros: .float32, shape: [2])) }
    }

    @Test func noDamagedArchiveTraps() throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: DataSetTests.attacked)))
        let file = FileManager.default.temporaryDirectory.appending(path: "picket-\(UUID().uuidString).npz")
        defer { try? FileManager.default.removeItem(at: file) }
        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<100 {
            var damaged = bytes
            for _ in 0...random(4) {
                // Headers lie at both ends of the archive.
                let place = random(2) == 0 ? random(200) : damaged.count - 1 - random(300)
                damaged[place] = UInt8(random(256))
            }
            if random(4) == 0 { damaged.removeLast(random(damaged.count)) }
            try Data(damaged).write(to: file)
            _ = try? DataSet.load(path: file.path, picture: nil)
        }
    }
}
