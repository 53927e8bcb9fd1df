import Foundation
import PicketTransforms
import Testing

/// What scipy, OpenCV, scikit-image and plain formulas make of pictures: `make_golden.py` beside the cases says how.
struct PictureGolden: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
        let operation: String
        /// As text, since a seed is a whole number of 64 bits.
        let numbers: [String]
        let picture: String
        let source: String
        let tolerance: Float

        var testDescription: String { "\(operation)(\(numbers.joined(separator: ", "))) of \(picture), \(source)" }

        func number(_ index: Int) throws -> Double { try #require(Double(numbers[index])) }
        func whole(_ index: Int) throws -> Int { try #require(Int(numbers[index])) }
        func seed(_ index: Int) throws -> UInt64 { try #require(UInt64(numbers[index])) }

        func pictureOperation() throws -> PictureOperation {
            switch operation {
            case "median": .median(side: try whole(0))
            case "nonLocalMeans":
                .nonLocalMeans(search: try whole(0), window: try whole(1), strength: try number(2))
            case "gaussianBlur": .gaussianBlur(sigma: try number(0))
            case "gaussianNoise": .gaussianNoise(sigma: try number(0), seed: try seed(1), clamped: try whole(2) == 1)
            case "totalVariation": .totalVariation(weight: try number(0), iterations: try whole(1))
            case "maskedTotalVariation":
                .maskedTotalVariation(
                    weight: try number(0),
                    iterations: try whole(1),
                    dropProbability: try number(2),
                    seed: try seed(3)
                )
            case "wavelet": .wavelet(sigma: numbers.isEmpty ? nil : try number(0))
            case "pixelDeflection":
                .pixelDeflection(count: try whole(0), window: try whole(1), seed: try seed(2))
            case "scale": .scale(factor: try number(0))
            case "cropResize":
                .cropResize(top: try whole(0), left: try whole(1), height: try whole(2), width: try whole(3))
            case "rotate": .rotate(degrees: try number(0))
            case "flipHorizontal": .flipHorizontal
            default: throw TransformFault("no operation \(operation)")
            }
        }
    }

    let pictures: [String: [Int]]
    let cases: [Case]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Cases/picture-operations")

    static let all = Result { () throws -> (golden: PictureGolden, pictures: [String: [Float]], answers: [[Float]]) in
        let golden = try JSONDecoder().decode(
            PictureGolden.self,
            from: Data(contentsOf: folder.appending(path: "cases.json"))
        )
        var pictures = try numbers(of: "pictures.f32")[...]
        var planes: [String: [Float]] = [:]
        // In the file's order, which JSON objects do not keep.
        for name in ["grey", "colour", "line", "wide", "pixel"] {
            let count = try #require(golden.pictures[name]).reduce(1, *)
            planes[name] = Array(pictures.prefix(count))
            pictures = pictures.dropFirst(count)
        }
        var answers = try numbers(of: "expected.f32")[...]
        let expected = try golden.cases.map { item in
            let count = try #require(golden.pictures[item.picture]).reduce(1, *)
            defer { answers = answers.dropFirst(count) }
            return Array(answers.prefix(count))
        }
        return (golden, planes, expected)
    }

    private static func numbers(of file: String) throws -> [Float] {
        let data = try Data(contentsOf: folder.appending(path: file))
        return stride(from: 0, to: data.count, by: 4).map { place in
            let bytes = data[place..<place + 4]
            return Float(bitPattern: bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
    }
}

@Suite struct PictureGoldenTests {
    @Test(arguments: try PictureGolden.all.get().golden.cases.indices)
    func otherProgramsAgree(_ index: Int) throws {
        let (golden, pictures, answers) = try PictureGolden.all.get()
        let item = golden.cases[index]
        let extents = try #require(golden.pictures[item.picture])
        let shape = PictureShape(channels: extents[0], height: extents[1], width: extents[2])
        let picture = try #require(pictures[item.picture])
        #expect(answers[index].count == shape.elementCount)
        let result = try item.pictureOperation().applied(to: picture, shape)
        let off = zip(result, answers[index]).map { abs($0 - $1) }.reduce(0, max)
        #expect(off <= item.tolerance, "\(item.testDescription): off by \(off), \(item.tolerance) allowed")
        #expect(result.allSatisfy { $0.isFinite })
    }
}
