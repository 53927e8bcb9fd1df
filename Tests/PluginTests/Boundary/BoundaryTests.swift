import CPicketABI
import PicketPluginSDK
import Testing

/// A detector of a test's own: learns the mean of clean rows, fails where it is told to.
struct Probe: LearningDetector {
    static let name: StaticString = "probe"
    static let version: StaticString = "0.1"

    struct Settings: Decodable {
        var fail: String?
        var sentence: String?
        var draws: Int?
    }

    private let settings: Settings
    private let mean: Double
    private let isOnByteGrid: Bool

    init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        settings = try configuration.decoded(as: Settings.self)
        mean = state.count == 8 ? Double(bitPattern: state.reduce(0) { $0 << 8 | UInt64($1) }) : 0
        isOnByteGrid = subject.isOnByteGrid
        try failing("create")
    }

    mutating func plan(_ planner: Planner) throws {
        try failing("plan")
        if settings.fail == "unknown-model" { _ = try planner.run(model: "nobody") }
        _ = try planner.variant(key: "probe/noise", token: 7, drawn: true)
        try planner.component("off-mean")
        if settings.fail == "unwritten" { try planner.component("never") }
    }

    func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        guard token == 7, let generator else { throw DetectorFault.failed("token \(token), or no generator") }
        destination[0] = Float(generator.uniform())
        destination[1] = Float(generator.integer(below: 6))
        destination[2] = Float(generator.normal())
    }

    func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        try failing("score")
        components[0] = abs(try Probe.mean(of: evidence) - mean)
    }

    func fit(_ clean: CleanRows, into state: StateSink) throws {
        var sum = 0.0
        for index in 0..<clean.count where clean.label(index) != nil {
            sum += try clean.withRow(index) { try Probe.mean(of: $0) }
        }
        let bits = (sum / Double(clean.count)).bitPattern
        try state.write((0..<4).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) })
        try state.write((4..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) })
    }

    private struct Complaint: Error, CustomStringConvertible {
        let description: String
    }

    private func failing(_ call: String) throws {
        if settings.fail == call { throw Complaint(description: settings.sentence ?? "told to fail") }
    }

    private static func mean(of evidence: Evidence) throws -> Double {
        try evidence.input.withElements { row in
            row.indices.reduce(0.0) { $0 + Double(row[$1]) } / Double(row.count)
        }
    }
}

@Suite struct BoundaryTests {
    static let probe = PluginTable(Probe.self) { PluginTable.create(Probe.self, $0, $1, $2, $3, $4, $5) }
    let plugin = BoundaryTests.probe.entry

    @Test(arguments: PluginLibrary.names) func tablesSayWhatTheyAre(_ name: String) throws {
        for plugin in [try PluginLibrary.linked(name), try PluginLibrary.loaded(name)] {
            #expect(plugin.pointee.magic == PICKET_ABI_MAGIC)
            #expect(plugin.pointee.abi_major == UInt16(PICKET_ABI_MAJOR))
            #expect(plugin.pointee.struct_size == UInt32(MemoryLayout<picket_plugin>.size))
            #expect(String(cString: plugin.pointee.name) == name)
            #expect(String(cString: plugin.pointee.version) == (name == "noise-stability" ? "1.0.0" : "2.0.0"))
            #expect((plugin.pointee.fit != nil) == (name == "ensemble-disagreement"))
            #expect((plugin.pointee.report != nil) == (name == "noise-stability"))
            #expect(plugin.pointee.observe == nil)
        }
    }

    @Test func throwsCrossAsStatusAndSentence() throws {
        let told = "told to fail"
        for (call, status) in [("create", PICKET_INVALID), ("plan", PICKET_FAILED)] {
            #expect(throws: HostedFault(status: status, message: told)) {
                try HostedDetector(plugin, configuration: #"{"fail": "\#(call)"}"#)
            }
        }
        let failing = try HostedDetector(plugin, configuration: #"{"fail": "score"}"#, extents: [1, 1, 3])
        #expect(throws: HostedFault(status: PICKET_FAILED, message: told)) {
            try failing.score([0, 0, 0]) { _, _ in [] }
        }
        #expect(throws: HostedFault(status: PICKET_FAILED, message: "token 8, or no generator")) {
            try failing.render([0, 0, 0], token: 8, bits: [])
        }
        #expect(throws: HostedFault(status: PICKET_FAILED, message: "token 7, or no generator")) {
            try failing.render([0, 0, 0], token: 7, bits: nil)
        }
    }

    @Test func theHostsFaultComesBackAsItsOwn() {
        let fault = #expect(throws: HostedFault.self) {
            try HostedDetector(plugin, configuration: #"{"fail": "unknown-model"}"#)
        }
        #expect(fault?.status == PICKET_INVALID)
        #expect(fault?.message.hasPrefix("no such thing: run") == true)
    }

    @Test func longSentencesAreCutBetweenCharacters() {
        let sentence = String(repeating: "é", count: 400)
        let fault = #expect(throws: HostedFault.self) {
            try HostedDetector(plugin, configuration: #"{"fail": "create", "sentence": "\#(sentence)"}"#)
        }
        #expect(fault?.message == String(repeating: "é", count: 255))
    }

    @Test func unwrittenComponentsAreNoNumbers() throws {
        let detector = try HostedDetector(plugin, configuration: #"{"fail": "unwritten"}"#, extents: [1, 1, 3])
        let components = try detector.score([1, 0, 0]) { _, _ in [] }
        #expect(components["never"]?.isNaN == true)
        #expect(components["off-mean"] == 1.0 / 3)
    }

    @Test func drawsAreWhatTheSDKDefines() throws {
        let detector = try HostedDetector(plugin, configuration: "{}", extents: [1, 1, 3])
        // 2^64 mod 6 is 4: a draw whose product ends below 4 is drawn again.
        let bits: [UInt64] = [1 << 63, 0, 5 << 61, 1 << 63, 1 << 62]
        let drawn = try detector.render([0, 0, 0], token: 7, bits: bits)
        #expect(drawn[0] == 0.5)
        #expect(drawn[1] == 3)
        let radius = (-2 * logarithm(0.5)).squareRoot()
        #expect(abs(Double(drawn[2]) - radius * cosine(Double.pi / 2)) < 1e-6)
    }

    @Test func stateComesBack() throws {
        let rows: [[Float]] = [[0, 0, 3], [1, 1, 1], [2, 2, 2]]
        let untrained = try HostedDetector(plugin, configuration: "{}", extents: [1, 1, 3])
        let state = try untrained.fit(rows)
        let trained = try HostedDetector(plugin, configuration: "{}", extents: [1, 1, 3], state: state)
        let components = try trained.score([4, 4, 4]) { _, _ in [] }
        #expect(components["off-mean"] == 4 - 4.0 / 3)
    }

    @Test(arguments: ["feature-squeezing", "transform-consistency"]) func wrongSizesAreErrors(_ name: String) throws {
        let detector = try HostedDetector(PluginLibrary.linked(name), configuration: "{}", extents: [1, 8, 8])
        let row = [Float](repeating: 0.5, count: 64)
        #expect(throws: HostedFault(status: PICKET_INVALID, message: "a destination of 1 × 8 × 8 holds 63 elements")) {
            try detector.render(row, token: 0, bits: nil, room: 63)
        }
        #expect(throws: HostedFault(status: PICKET_INVALID, message: "a tensor of 1 × 8 × 8 holds 10 elements")) {
            try detector.render(Array(row.prefix(10)), token: 0, bits: nil, room: 64)
        }
        let fault = #expect(throws: HostedFault.self) { try detector.render(row, token: 99, bits: nil) }
        #expect(fault?.status == PICKET_FAILED)
    }

    /// A model that answers with no number makes the detector fail; no NaN becomes a component.
    @Test(arguments: PluginLibrary.names, [Float.nan, .infinity]) func answersThatAreNoNumbersFail(
        _ name: String,
        _ number: Float
    ) throws {
        let configuration = name == "ensemble-disagreement" ? #"{"members": ["b"]}"# : "{}"
        let detector = try HostedDetector(
            PluginLibrary.linked(name),
            configuration: configuration,
            extents: [1, 8, 8],
            members: ["b": 10]
        )
        let fault = #expect(throws: HostedFault.self) {
            try detector.score([Float](repeating: 0, count: 64)) { model, key in
                var answer = [Float](repeating: -2.3, count: 10)
                if !model.isEmpty || !key.isEmpty { answer[4] = number }
                return answer
            }
        }
        #expect(fault?.status == PICKET_FAILED)
    }

    @Test func nullPointersAreErrors() {
        var error = picket_error()
        #expect(plugin.pointee.plan(nil, nil, &error) == PICKET_INVALID)
        #expect(plugin.pointee.render(nil, 0, nil, nil, nil, &error) == PICKET_INVALID)
        #expect(plugin.pointee.score(nil, nil, nil, 0, nil) == PICKET_INVALID)
        #expect(plugin.pointee.fit(nil, nil, nil, &error) == PICKET_INVALID)
        plugin.pointee.destroy(nil)
    }
}
