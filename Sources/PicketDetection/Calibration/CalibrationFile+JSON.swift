internal import Foundation
internal import PicketTensor

extension CalibrationFile {
    /// The file's bytes: JSON with sorted keys.
    public func encoded() throws(CalibrationFault) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(document))
        } catch {
            throw .content(field: "(all)", reason: "a number is not finite: \(error)")
        }
    }

    private var document: CalibrationDocument {
        func table(_ table: RankTable) -> CalibrationDocument.Table {
            CalibrationDocument.Table(scale: table.scale, values: table.values, counts: table.counts)
        }
        let detectors = zip(joint.families, zip(origins, detectorScores)).map { family, beside in
            CalibrationDocument.Detector(
                name: family.detector,
                plugin: beside.0.plugin,
                version: beside.0.version,
                components: zip(family.components, family.componentTables).map {
                    CalibrationDocument.Component(name: $0, ranks: table($1))
                },
                family: table(family.family),
                scores: beside.1.ascending
            )
        }
        return CalibrationDocument(
            schema: CalibrationFile.schema,
            model: model,
            created: created,
            promise: CalibrationDocument.Asked(
                rate: promise.rate,
                confidence: promise.confidence,
                unit: promise.unit,
                rank: rank
            ),
            counts: counts,
            splitSeed: splitSeed,
            keyID: keyID,
            chain: CalibrationDocument.Chain(digest: chainDigest, parts: chainParts),
            models: models,
            states: states,
            golden: CalibrationDocument.Golden(
                shape: golden.shape,
                row: golden.elements.withUnsafeBytes { Data($0) }.base64EncodedString(),
                components: golden.components,
                score: golden.score
            ),
            detectors: detectors,
            scores: chainScores.ascending
        )
    }

    /// Reads a file's bytes, whoever wrote them.
    ///
    /// - Throws: ``CalibrationFault/content(field:reason:)`` naming the field that is not what it should be.
    public init(decoding bytes: [UInt8]) throws(CalibrationFault) {
        guard bytes.count <= CalibrationFile.byteLimit else {
            throw .content(
                field: "(all)",
                reason: "\(bytes.count) bytes, expected at most \(CalibrationFile.byteLimit)"
            )
        }
        let document: CalibrationDocument
        do {
            document = try JSONDecoder().decode(CalibrationDocument.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw CalibrationFile.fault(error)
        } catch {
            throw .content(field: "(all)", reason: "no JSON: \("\(error)".quoted)")
        }
        try self.init(document)
    }

    private static func fault(_ error: DecodingError) -> CalibrationFault {
        func field(_ path: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
            let keys = path + (last.map { [$0] } ?? [])
            let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
            return text.isEmpty ? "(all)" : String(text.drop { $0 == "." })
        }
        switch error {
        case .keyNotFound(let key, let context):
            return .content(field: field(context.codingPath, key), reason: "is missing")
        case .typeMismatch(let type, let context):
            return .content(field: field(context.codingPath), reason: "expected \(type)")
        case .valueNotFound(let type, let context):
            return .content(field: field(context.codingPath), reason: "is null, expected \(type)")
        case .dataCorrupted(let context):
            // The decoder says no more, and knows no path, where a number fits none of our types.
            let reason =
                context.codingPath.isEmpty
                ? "no valid JSON, or a number that its field can't hold" : context.debugDescription
            return .content(field: field(context.codingPath), reason: reason)
        @unknown default:
            return .content(field: "(all)", reason: "is no calibration")
        }
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
        guard let data = Data(base64Encoded: golden.row) else {
            throw .content(field: "golden.row", reason: "expected Base64")
        }
        guard shape.rank < Shape.maximumRank, shape.elementCount > 0, data.count == shape.elementCount * 4 else {
            throw .content(
                field: "golden.row",
                reason: "\(data.count) bytes, expected 4 for each element of \(shape)"
            )
        }
        let bytes = Array(data)
        let elements = (0..<shape.elementCount).map { index in
            let bits = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[index * 4 + $1]) }
            return Float(bitPattern: bits)
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
