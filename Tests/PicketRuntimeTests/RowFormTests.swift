import PicketConfiguration
import PicketRuntime
import PicketTensor
import Testing

@Suite struct RowFormTests {
    static func fed(_ form: RowForm, _ rows: Tensor) -> [Float] {
        rows.withUnsafeElements(of: Float.self) { row in
            var bytes = [Float](repeating: .nan, count: row.count)
            bytes.withUnsafeMutableBytes { form.feed(row, into: $0) }
            return bytes
        }
    }

    static func form(_ input: ImageInput, _ shape: Shape, _ type: ElementType = .float32) throws -> RowForm {
        try RowForm(.image(input), servedShape: shape, elementType: type)
    }

    @Test func aPlanarPictureInItsRangeIsTheCanonicalForm() throws {
        let form = try RowFormTests.form(ImageInput(range: 0...1), [1, 2, 2])
        let numbers: [Float] = [0, 0.25, 0.7531, 1]
        let rows = try form.canonicalRows(Tensor(numbers, shape: [1, 1, 2, 2]))
        #expect(rows.elements() == numbers)
        #expect(RowFormTests.fed(form, rows.row(0)) == numbers)
    }

    @Test func pixelsSnapToTheGrid() throws {
        let form = try RowFormTests.form(ImageInput(range: 0...1, grid: .eightBit), [1, 1, 3])
        let rows = try form.canonicalRows(Tensor([0.1, 0.5019, 0.9999] as [Float], shape: [1, 1, 1, 3]))
        #expect(rows.elements() == [26 / 255, 128 / 255, 1] as [Float])
    }

    @Test func channelsLastMeanAndDeviationAreUndoneAndRedone() throws {
        // 1×2 pixels of RGB in 0…255, as a client sends them
        let input = ImageInput(
            layout: .nhwc,
            range: 0...255,
            grid: .eightBit,
            mean: [127, 100, 50],
            standardDeviation: [128]
        )
        let form = try RowFormTests.form(input, [1, 2, 3])
        #expect(form.canonicalShape == [3, 1, 2])
        let rows = try form.canonicalRows(Tensor([255, 0, 51, 0, 255, 102] as [Float], shape: [1, 1, 2, 3]))
        #expect(rows.elements() == [1, 0, 0, 1, 0.2, 0.4] as [Float])
        let expected: [Float] = [128 / 128, -100 / 128, 1 / 128, -127 / 128, 155 / 128, 52 / 128]
        for (fed, wanted) in zip(RowFormTests.fed(form, rows.row(0)), expected) {
            #expect(abs(fed - wanted) < 1e-6)
        }
    }

    @Test func normalisedValuesComeBackAsTheyWere() throws {
        let input = ImageInput(range: 0...1, mean: [0.485], standardDeviation: [0.229], sent: .normalised)
        let form = try RowFormTests.form(input, [1, 1, 3])
        let sent = [0, 0.3, 1].map { (Float($0) - 0.485) / 0.229 }
        let rows = try form.canonicalRows(Tensor(sent, shape: [1, 1, 1, 3]))
        for (pixel, wanted) in zip(rows.elements(of: Float.self), [0, 0.3, 1] as [Float]) {
            #expect(abs(pixel - wanted) < 1e-6)
        }
        for (fed, wanted) in zip(RowFormTests.fed(form, rows.row(0)), sent) { #expect(abs(fed - wanted) < 1e-5) }
    }

    @Test func bytesStandForTheRange() throws {
        let form = try RowFormTests.form(ImageInput(range: -1...1), [1, 1, 2])
        let rows = try form.canonicalRows(Tensor([0, 255] as [UInt8], shape: [1, 1, 1, 2]))
        #expect(rows.elements() == [0, 1] as [Float])
        #expect(RowFormTests.fed(form, rows.row(0)) == [-1, 1])
    }

    @Test func aModelOfBytesIsFedBytes() throws {
        let form = try RowFormTests.form(ImageInput(range: 0...255), [1, 1, 3], .uint8)
        let rows = try form.canonicalRows(Tensor([0, 7, 255] as [UInt8], shape: [1, 1, 1, 3]))
        var fed = [UInt8](repeating: 9, count: 3)
        rows.row(0).withUnsafeElements(of: Float.self) { row in
            fed.withUnsafeMutableBytes { form.feed(row, into: $0) }
        }
        #expect(fed == [0, 7, 255])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, -0.1, 1.1, 255])
    func refusesWhatIsNoPixel(value: Float) throws {
        let form = try RowFormTests.form(ImageInput(range: 0...1), [1, 1, 2])
        let fault = try #require(throws: RowFault.self) {
            try form.canonicalRows(Tensor([0, 0.5, 1, value], shape: [2, 1, 1, 2]))
        }
        #expect(fault.index == 3)
        #expect(fault.expected == "a pixel from 0.0 to 1.0")
    }

    @Test func aTensorNeedsOnlyBeFinite() throws {
        let form = try RowForm(.tensor, servedShape: [2], elementType: .float32)
        #expect(
            try form.canonicalRows(Tensor([-7, 1e9] as [Float], shape: [1, 2])).elements() == [-7, 1e9] as [Float]
        )
        #expect(throws: RowFault.self) { try form.canonicalRows(Tensor([0, .nan] as [Float], shape: [1, 2])) }
    }

    @Test(
        arguments: [
            (ModelInput.image(ImageInput(range: 0...1)), [784], ElementType.float32),
            (.image(ImageInput(range: 0...1)), [1, 28, 28], .int64),
            (.image(ImageInput(range: 0...1)), [1, 28, 28], .uint8),
            (.image(ImageInput(range: 0...1, mean: [1, 2])), [3, 8, 8], .float32),
            (.tensor, [4], .int64),
        ] as [(ModelInput, [Int], ElementType)]
    )
    func refusesAConfigurationThatIsNotTheModels(input: ModelInput, shape: [Int], type: ElementType) {
        #expect(throws: RowFormFault.self) { try RowForm(input, servedShape: Shape(shape), elementType: type) }
    }
}
