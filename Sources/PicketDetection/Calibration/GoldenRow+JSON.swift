internal import Foundation
internal import PicketTensor

extension CalibrationDocument.Golden {
    static let steps = "uint8:"
    static let floats = "float32:"

    init(_ golden: GoldenRow) {
        let levels = golden.elements.map { UInt8(exactly: ($0 * 255).rounded()) }
        let isOnGrid = zip(golden.elements, levels).allSatisfy { element, level in
            level.map { Float($0) / 255 } == element
        }
        let bytes =
            isOnGrid
            ? levels.compactMap(\.self)
            : LittleEndian.bytes(golden.elements.map { UInt64($0.bitPattern) }, size: 4)
        self.init(
            shape: golden.shape,
            row: (isOnGrid ? Self.steps : Self.floats) + Data(bytes).base64EncodedString(),
            components: golden.components,
            score: golden.score
        )
    }
}

extension GoldenRow {
    init(_ golden: CalibrationDocument.Golden) throws(CalibrationFault) {
        let shape: Shape
        do {
            shape = try Shape(validating: golden.shape)
        } catch {
            throw .content(field: "golden.shape", reason: "\(error)")
        }
        let isOnGrid = golden.row.hasPrefix(CalibrationDocument.Golden.steps)
        let prefix = isOnGrid ? CalibrationDocument.Golden.steps : CalibrationDocument.Golden.floats
        guard golden.row.hasPrefix(prefix), let data = Data(base64Encoded: String(golden.row.dropFirst(prefix.count)))
        else {
            throw .content(field: "golden.row", reason: "expected uint8: or float32:, and Base64")
        }
        let size = isOnGrid ? 1 : 4
        guard shape.rank < Shape.maximumRank, shape.elementCount > 0, data.count == shape.elementCount * size else {
            throw .content(
                field: "golden.row",
                reason: "\(data.count) bytes, expected \(size) for each element of \(shape)"
            )
        }
        let elements = LittleEndian.words(Array(data), size: size).map { word in
            isOnGrid ? Float(word) / 255 : Float(bitPattern: UInt32(truncatingIfNeeded: word))
        }
        guard elements.allSatisfy(\.isFinite) else {
            throw .content(field: "golden.row", reason: "expected finite numbers")
        }
        guard golden.score.isFinite, golden.components.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw .content(field: "golden.components", reason: "expected finite numbers")
        }
        self.init(
            shape: golden.shape,
            elements: elements,
            components: golden.components,
            score: golden.score
        )
    }
}
