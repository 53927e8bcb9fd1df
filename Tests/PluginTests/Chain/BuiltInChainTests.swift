import Foundation
import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

/// The built-in detectors' shared libraries in a chain of the host's own.
@Suite struct BuiltInChainTests {
    static let key = RandomnessKey(publicConstant: SHA256Digest(of: "test"))

    static let configurations = [
        ("feature-squeezing", "{}"), ("transform-consistency", "{}"),
        ("ensemble-disagreement", #"{"members": ["b", "c"], "squeezers": [{"median": 2}, {"jpeg": 90}]}"#),
        ("noise-stability", #"{"deviation": 0.005, "certify": {"selection": 4, "estimation": 12}}"#),
    ]

    /// The shared libraries of this build, by name. A host takes them from nobody's folder but its own user's, which a
    /// checkout need not be: it gets copies, which it keeps open.
    static let plugins = Result {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let built = URL(fileURLWithPath: program).deletingLastPathComponent()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("picket-chain-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        var plugins: [String: Plugin] = [:]
        for name in PluginLibrary.names {
            let file = "libpicket-\(name).so"
            try FileManager.default.copyItem(
                at: built.appendingPathComponent(file),
                to: folder.appendingPathComponent(file)
            )
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644],
                ofItemAtPath: folder.appendingPathComponent(file).path
            )
            plugins[name] = try Plugin(named: name, in: [folder.path])
        }
        return plugins
    }

    private func chain(_ configurations: [(String, String)] = Self.configurations) throws -> Chain {
        let plugins = try Self.plugins.get()
        return try Chain(
            ChainSpecification(
                subject: Subject(
                    model: "served",
                    kind: .image,
                    rowShape: PictureRunner.rowShape,
                    grid: 255,
                    classCount: PictureRunner.classCount
                ),
                detectors: try configurations.map {
                    DetectorSpecification(name: $0.0, plugin: try #require(plugins[$0.0]), configuration: $0.1)
                },
                canonicalConfiguration: "test"
            ),
            runner: PictureRunner(),
            log: { _, _, _ in }
        )
    }

    private func components(_ row: RowEvaluation) throws -> [[Double]] {
        try row.outcomes.map { outcome in
            switch outcome {
            case .components(let numbers): return numbers
            case .failed(let reason): throw HostedFault(status: -1, message: reason)
            }
        }
    }

    /// The served model sees the row, 9 pictures of squeezers and transforms (`median:2`, `jpeg:90` named thrice and twice),
    /// and 16 noisy copies; two members the row and 2 squeezed ones.
    @Test func equalVariantsAreRunOnce() throws {
        let chain = try chain()
        #expect(chain.rowsPerRow == 1 + 9 + 16 + 2 * 3)
        #expect(chain.detectors.map(\.answers) == [false, false, false, true])
        #expect(chain.detectors.map(\.learns) == [false, false, true, false])
        #expect(chain.detectors[3].facts == ["certified-radius", "certificate-confidence"])
    }

    @Test func rowsDoNotDependOnTheirNeighbours() async throws {
        let chain = try chain()
        let together = try await chain.evaluate(PictureRunner.rows(3), servedOutputs: ["logits"], key: Self.key)
        for index in 0..<3 {
            let rows = PictureRunner.rows(1, from: index)
            let alone = try await chain.evaluate(rows, servedOutputs: ["logits"], key: Self.key)
            #expect(alone.rows[0] == together.rows[index])
            let numbers = try components(alone.rows[0])
            #expect(zip(numbers, chain.detectors).allSatisfy { $0.count == $1.components.count })
            #expect(numbers.joined().allSatisfy { $0.isFinite })
        }
    }

    @Test func keysMoveDrawsAndNothingElse() async throws {
        let chain = try chain()
        let rows = PictureRunner.rows(1)
        let one = try await components(chain.evaluate(rows, servedOutputs: ["logits"], key: Self.key).rows[0])
        var moved: Set<String> = []
        for number in 0..<8 {
            let key = RandomnessKey(publicConstant: SHA256Digest(of: "\(number)"))
            let other = try await components(chain.evaluate(rows, servedOutputs: ["logits"], key: key).rows[0])
            for (detector, numbers) in zip(chain.detectors, zip(one, other)) {
                for (name, pair) in zip(detector.components, zip(numbers.0, numbers.1)) where pair.0 != pair.1 {
                    moved.insert("\(detector.name) \(name)")
                }
            }
        }
        #expect(moved.contains("transform-consistency resize-pad:2:margin"))
        #expect(moved.contains("noise-stability margin"))
        let still = moved.filter { $0.hasPrefix("feature") || $0.hasPrefix("ensemble") || $0.contains("median") }
        #expect(still.isEmpty)
    }

    /// A certificate speaks of the answer that is served.
    @Test func theSmoothedAnswerIsServed() async throws {
        let chain = try chain()
        let evaluation = try await chain.evaluate(PictureRunner.rows(4), servedOutputs: ["logits"], key: Self.key)
        var certified = 0
        for (index, row) in evaluation.rows.enumerated() {
            let served = evaluation.servedOutputs[0].row(index).elements(of: Float.self)
            #expect(abs(served.reduce(0) { $0 + exp($1) } - 1) < 1e-5, "shares of votes add up")
            let top = served.indices.max { served[$0] < served[$1] }
            #expect(row.prediction?.label == top)
            let facts = try #require(row.facts.last)
            #expect(facts[1] == (facts[0] > 0 ? 0.999 : 0))
            // 12 of 12 votes at 0.001: the bound is 0.001^(1/12).
            #expect(facts[0] <= 0.005 * 0.158 && facts[0] >= 0)
            certified += facts[0] > 0 ? 1 : 0
        }
        #expect(certified > 0, "a row of these is far from every border")
    }

    @Test func drawingKOfNRunsK() async throws {
        let transforms = #""transforms": [{"jpeg": 75}, {"jpeg": 90}, {"shift": 1}, {"shift": -1}, {"median": 3}]"#
        let chain = try chain([("transform-consistency", "{\(transforms), \"draw\": 2, \"components\": [\"margin\"]}")])
        #expect(chain.rowsPerRow == 3)
        #expect(chain.detectors[0].components == ["draw-1:margin", "draw-2:margin"])
        var seen: Set<[Double]> = []
        for number in 0..<48 {
            let key = RandomnessKey(publicConstant: SHA256Digest(of: "\(number)"))
            let evaluation = try await chain.evaluate(PictureRunner.rows(1), servedOutputs: ["logits"], key: key)
            seen.insert(try components(evaluation.rows[0])[0])
        }
        #expect(seen.count == 2 * 3, "two JPEGs, and two shifts and a median")
    }
}
