extension CalibrationFile {
    private static let nameByteLimit = 256

    /// The checked content of a document.
    init(_ document: CalibrationDocument) throws(CalibrationFault) {
        guard document.schema == CalibrationFile.schema else {
            throw .content(field: "schema", reason: "\(document.schema), expected \(CalibrationFile.schema)")
        }
        try CalibrationFile.checkText(document)
        try CalibrationFile.checkCounts(document)
        var families: [FamilyTables] = []
        for (index, detector) in document.detectors.enumerated() {
            families.append(try CalibrationFile.family(detector, index: index, of: document))
        }
        model = document.model
        created = document.created
        promise = try CalibrationFile.promise(document)
        counts = document.counts
        splitSeed = document.splitSeed
        keyID = document.keyID
        chainDigest = document.chain.digest
        chainParts = document.chain.parts
        models = document.models
        states = document.states
        origins = document.detectors.map { Origin(detector: $0.name, plugin: $0.plugin, version: $0.version) }
        golden = try GoldenRow(document.golden)
        guard golden.components.map(\.count) == families.map(\.components.count) else {
            throw .content(field: "golden.components", reason: "expected one for each component of each detector")
        }
        usedRows = try UsedRows(document.rows)
        strata = try CalibrationFile.strata(document, promise: promise)
        joint = Joint(method: document.method, families: families)
        // Last: what contradicts itself is told more exactly above.
        try document.checkDigests()
    }

    private static func checkText(_ document: CalibrationDocument) throws(CalibrationFault) {
        let names =
            [("model", document.model), ("created", document.created), ("key_id", document.keyID)]
            + document.models.enumerated().map { ("models[\($0.offset)].name", $0.element.name) }
            + document.states.enumerated().map { ("states[\($0.offset)].name", $0.element.name) }
            + document.chain.parts.enumerated().map { ("chain.parts[\($0.offset)].name", $0.element.name) }
        for (field, text) in names where text.isEmpty || text.utf8.count > nameByteLimit {
            throw .content(field: field, reason: "expected 1 to \(nameByteLimit) bytes")
        }
        let digests =
            [("chain.digest", document.chain.digest)]
            + document.models.enumerated().map { ("models[\($0.offset)].sha256", $0.element.sha256) }
            + document.states.enumerated().map { ("states[\($0.offset)].sha256", $0.element.sha256) }
            + document.chain.parts.enumerated().map { ("chain.parts[\($0.offset)].digest", $0.element.digest) }
        for (field, digest) in digests where !isDigest(digest) {
            throw .content(field: field, reason: "expected 64 lower-case hexadecimal digits")
        }
        guard ChainDigest(parts: document.chain.parts).hex == document.chain.digest else {
            throw .content(field: "chain.digest", reason: "is not that of chain.parts")
        }
    }

    /// Digests become file names, so nothing but digits may pass.
    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { character in
                switch character {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                default: false
                }
            }
    }

    private static func checkCounts(_ document: CalibrationDocument) throws(CalibrationFault) {
        for (field, count, least) in [
            ("counts.fit", document.counts.fit, 0), ("counts.ranks", document.counts.ranks, 1),
            ("counts.p_values", document.counts.pValues, 1),
        ] where count < least || count > largestCount {
            throw .content(field: field, reason: "\(count), expected \(least) to \(largestCount)")
        }
        guard !document.detectors.isEmpty else { throw .content(field: "detectors", reason: "is empty") }
    }

    private static func promise(_ document: CalibrationDocument) throws(CalibrationFault) -> Promise {
        let asked = document.promise
        let promise: Promise
        do {
            promise = try Promise(
                rate: asked.rate,
                confidence: asked.confidence,
                unit: asked.unit,
                isClassConditional: asked.isClassConditional
            )
        } catch {
            throw .content(field: "promise", reason: "\(error)")
        }
        guard asked.guarantee == promise.guarantee else {
            throw .content(
                field: "promise.guarantee",
                reason: "\(asked.guarantee.rawValue), which confidence \(asked.confidence) is not"
            )
        }
        return promise
    }

    private static func family(
        _ detector: CalibrationDocument.Detector,
        index: Int,
        of document: CalibrationDocument
    ) throws(CalibrationFault) -> FamilyTables {
        let count = document.counts.ranks
        let field = "detectors[\(index)]"
        let names = [detector.name, detector.plugin, detector.version] + detector.components.map(\.name)
        guard names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= nameByteLimit }) else {
            throw .content(field: field, reason: "expected names of 1 to \(nameByteLimit) bytes")
        }
        guard !detector.components.isEmpty else { throw .content(field: "\(field).components", reason: "is empty") }
        var tables: [RankTable] = []
        for (place, component) in detector.components.enumerated() {
            tables.append(try table(component.ranks, count, field: "\(field).components[\(place)].ranks"))
        }
        guard (detector.family != nil) == document.method.rule.isRankedAgain else {
            throw .content(
                field: "\(field).family",
                reason: "method \(document.method.rawValue) "
                    + (document.method.rule.isRankedAgain ? "needs this table" : "has no such table")
            )
        }
        let weight = detector.weight ?? 1
        guard (0.001...1000).contains(weight) else {
            throw .content(field: "\(field).weight", reason: "\(weight), expected 0.001 to 1000")
        }
        var family: RankTable?
        if let own = detector.family { family = try table(own, count, field: "\(field).family") }
        return FamilyTables(
            detector: detector.name,
            components: detector.components.map(\.name),
            componentTables: tables,
            family: family,
            weight: weight
        )
    }

    private static func table(
        _ table: CalibrationDocument.Table,
        _ count: Int,
        field: String
    ) throws(CalibrationFault) -> RankTable {
        var counts = Array(repeating: 1, count: table.values.values.count)
        let ties = table.ties ?? []
        guard ties.count.isMultiple(of: 2) else {
            throw .content(field: "\(field).ties", reason: "expected an index and a count for each")
        }
        for place in stride(from: 0, to: ties.count, by: 2) {
            guard counts.indices.contains(ties[place]) else {
                throw .content(
                    field: "\(field).ties[\(place)]",
                    reason: "\(ties[place]), expected an index of \(counts.count) values"
                )
            }
            counts[ties[place]] = ties[place + 1]
        }
        let ranks = try RankTable(scale: table.scale, values: table.values.values, counts: counts, field: field)
        guard ranks.sampleCount == count else {
            throw .content(field: "\(field).ties", reason: "\(ranks.sampleCount) in all, expected \(count)")
        }
        return ranks
    }
}
