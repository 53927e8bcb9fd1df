import PicketTransforms
import Testing

@Suite struct PictureMeasuresTests {
    @Test func levelsAreWholeAndHeld() {
        let pixels: [Float] = [0, -0.1, 0.5 / 255, 1.5 / 255, 2.49 / 255, 200 / 255, 1, 7, -.greatestFiniteMagnitude]
        let levels = PictureMeasures.levels(of: pixels.span, zeros: 3)
        #expect(levels == [0, 0, 0, 2, 2, 200, 255, 255, 0, 0, 0, 0])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN], [0, 6, 40])
    func whatIsNotFiniteHasNoLevels(_ number: Float, _ place: Int) {
        var pixels = [Float](repeating: 0.5, count: 41)
        #expect(PictureMeasures.levels(of: pixels.span) == [Float](repeating: 128, count: 41))
        pixels[place] = number
        #expect(PictureMeasures.levels(of: pixels.span) == nil)
    }

    @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (28, 28), (13, 37)])
    func textureIsWhatItsDefinitionSays(_ height: Int, _ width: Int) {
        let shape = PictureShape(channels: 1, height: height, width: width)
        // Smooth on the left, rough on the right, so that some pixels are flat and some are not.
        let plane = testPicture(shape, seed: 5).enumerated().map { index, pixel in
            ((index % width) * 2 < width ? pixel * 16 : pixel * 255).rounded()
        }
        for span: Float in [1, 144, 400, 2_000] {
            let expected = PictureMeasuresTests.texture(plane, height, width, span)
            #expect(PictureMeasures.texture(of: plane, shape: shape, span: span) == expected)
        }
    }

    private static func texture(_ plane: [Float], _ height: Int, _ width: Int, _ span: Float) -> [UInt8] {
        func around(_ plane: [Float], _ row: Int, _ column: Int) -> [Float] {
            (-1...1).flatMap { down in
                (-1...1).map { right in
                    let y = min(max(row + down, 0), height - 1)
                    let x = min(max(column + right, 0), width - 1)
                    return plane[y * width + x]
                }
            }
        }
        let places = (0..<height).flatMap { row in (0..<width).map { (row, $0) } }
        let sums = places.map { around(plane, $0, $1).reduce(0, +) }
        return places.map { row, column in
            let near = around(sums, row, column)
            return (near.max() ?? 0) - (near.min() ?? 0) >= span ? 1 : 0
        }
    }
}
