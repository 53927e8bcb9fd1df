internal import Foundation
internal import PicketCrypto

extension CalibrationFile {
    /// One content has one text: the file's, and the one that its digests are of.
    static let formatting: JSONEncoder.OutputFormatting = [.sortedKeys, .withoutEscapingSlashes]

    /// The file's bytes: JSON with sorted keys.
    public func encoded() throws(CalibrationFault) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = CalibrationFile.formatting
        var document = document
        document.digests = try document.digestsOfContent()
        do {
            return Array(try encoder.encode(document))
        } catch {
            throw .content(field: "(all)", reason: "a number is not finite: \(error)")
        }
    }

    private var document: CalibrationDocument {
        func table(_ table: RankTable) -> CalibrationDocument.Table {
            let tied = table.counts.indices.filter { table.counts[$0] > 1 }
            return CalibrationDocument.Table(
                scale: table.scale,
                values: PackedNumbers(table.values),
                ties: tied.isEmpty ? nil : tied.flatMap { [$0, table.counts[$0]] }
            )
        }
        let detectors = zip(joint.families, origins).map { family, origin in
            CalibrationDocument.Detector(
                name: family.detector,
                plugin: origin.plugin,
                version: origin.version,
                weight: family.weight == 1 ? nil : family.weight,
                components: zip(family.components, family.componentTables).map {
                    CalibrationDocument.Component(name: $0, ranks: table($1))
                },
                family: family.family.map(table)
            )
        }
        return CalibrationDocument(
            schema: CalibrationFile.schema,
            model: model,
            created: created,
            promise: CalibrationDocument.Asked(
                rate: promise.rate,
                confidence: promise.confidence,
                guarantee: promise.guarantee,
                unit: promise.unit,
                isClassConditional: promise.isClassConditional
            ),
            method: method,
            counts: counts,
            splitSeed: splitSeed,
            keyID: keyID,
            chain: CalibrationDocument.Chain(digest: chainDigest, parts: chainParts),
            models: models,
            states: states,
            golden: CalibrationDocument.Golden(golden),
            rows: CalibrationDocument.Rows(
                salt: Hexadecimal.encode(usedRows.salt),
                codes: Data(LittleEndian.bytes(usedRows.codes, size: 8)).base64EncodedString()
            ),
            detectors: detectors,
            strata: strata.map { stratum in
                CalibrationDocument.Stratum(
                    label: stratum.label,
                    rank: stratum.rank,
                    scores: PackedNumbers(stratum.chain.ascending),
                    detectors: stratum.detectors.map { PackedNumbers($0.ascending) }
                )
            }
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
