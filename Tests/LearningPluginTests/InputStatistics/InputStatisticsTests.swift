import CPicketABI
import Foundation
import Testing

@Suite struct InputStatisticsTests {
    static func model(_ extents: [Int]) -> ModelStand {
        ModelStand(classCount: 3, extents: extents) { _ in [:] }
    }

    static func bench(
        _ golden: LearningCases.InputStatistics,
        _ plugin: UnsafePointer<picket_plugin> = Tables.inputStatistics,
        isOnGrid: Bool = true,
        state: [UInt8]
    ) throws -> Bench {
        try Bench(
            plugin,
            configuration: String(decoding: JSONEncoder().encode(golden.config), as: UTF8.self),
            isOnGrid: isOnGrid,
            models: ["served": model(golden.extents)],
            state: state
        )
    }

    static func rows(_ golden: LearningCases.InputStatistics) throws -> [[Float]] {
        try LearningCases.rows(golden.rows, of: golden.extents.reduce(1, *))
    }

    @Test(arguments: LearningCases.all.input_statistics)
    func componentsAgree(_ golden: LearningCases.InputStatistics) throws {
        let state = try LearningCases.bytes(golden.state)
        for plugin in [Tables.inputStatistics, try Tables.loaded("input-statistics")] {
            let bench = try InputStatisticsTests.bench(golden, plugin, state: state)
            for (row, expected) in zip(try InputStatisticsTests.rows(golden), golden.components) {
                let found = try bench.score(row)
                #expect(differences(found, expected, tolerance: 1e-4) == [])
            }
        }
    }

    /// Nothing keys on values off the 8-bit grid: noise of less than half a step changes no component by a bit.
    @Test(arguments: LearningCases.all.input_statistics)
    func valuesOffTheGridAreNotSeen(_ golden: LearningCases.InputStatistics) throws {
        let state = try LearningCases.bytes(golden.state)
        let bench = try InputStatisticsTests.bench(golden, isOnGrid: false, state: state)
        let onGrid = try InputStatisticsTests.bench(golden, isOnGrid: true, state: state)
        var random = StateMutationTests.Random(state: 7)
        for row in try InputStatisticsTests.rows(golden) {
            let components = try bench.score(row)
            #expect(try onGrid.score(row) == components)
            for amplitude in [Float(0.1), 0.3, 0.49] {
                let noisy = row.map { $0 + Float.random(in: -amplitude...amplitude, using: &random) / 255 }
                #expect(noisy != row)
                #expect(try bench.score(noisy) == components)
            }
            // What is more than half a step is seen.
            var moved = row
            for index in moved.indices where index % 2 == 0 { moved[index] += 1.0 / 255 }
            #expect(try bench.score(moved) != components)
        }
    }

    /// Rows on the grid share the denoisers that others plan; rows off it are rounded first.
    @Test func roundingComesFirst() throws {
        let golden = LearningCases.all.input_statistics[0]
        #expect(try InputStatisticsTests.bench(golden, state: []).graph.keys == ["median:3", "median:5"])
        let off = try InputStatisticsTests.bench(golden, isOnGrid: false, state: []).graph
        #expect(off.keys == ["bit-depth:8", "median:3", "median:5"])
        for node in off.nodes {
            if case .variant(let source, let key, _) = node.kind, key.hasPrefix("median") { #expect(source == 1) }
        }
    }

    /// Detectors that learnt the same share what they find of a picture's patches; others do not.
    @Test func likelihoodsAreShared() throws {
        let golden = LearningCases.all.input_statistics[0]
        let state = try LearningCases.bytes(golden.state)
        func likelihoods(_ state: [UInt8]) throws -> [String] {
            try InputStatisticsTests.bench(golden, state: state).graph.keys.filter { $0.contains("/likelihoods") }
        }
        let keys = try likelihoods(state)
        #expect(keys.count == 1)
        #expect(try likelihoods(state) == keys)
        var other = state
        other[other.count - 4] ^= 1
        #expect(try likelihoods(other) != keys)
    }

    /// Only what the chosen components need is planned.
    @Test func denoisersThatNobodyAsksForAreNotPlanned() throws {
        func keys(_ components: String, isOnGrid: Bool) throws -> [String] {
            try Bench(
                Tables.inputStatistics,
                configuration: #"{"components": [\#(components)]}"#,
                isOnGrid: isOnGrid,
                models: ["served": InputStatisticsTests.model([1, 9, 9])]
            ).graph.keys
        }
        #expect(try keys(#""patches""#, isOnGrid: false) == [])
        #expect(try keys(#""blur:0.5:excess""#, isOnGrid: true) == ["blur:0.5"])
        #expect(try keys(#""excess""#, isOnGrid: false) == ["bit-depth:8", "median:3", "blur:0.5"])
    }

    /// The own fit explains pictures that it did not see as well as scikit-learn's does.
    @Test func theMixtureIsAsGood() throws {
        let golden = LearningCases.all.mixture
        let size = golden.extents.reduce(1, *)
        func bench(_ state: [UInt8]) throws -> Bench {
            try Bench(
                Tables.inputStatistics,
                configuration: #"{"mixture": \#(golden.size), "components": ["patches:mean"]}"#,
                models: ["served": InputStatisticsTests.model(golden.extents)],
                state: state
            )
        }
        let fitted = try LearningCases.rows(golden.fitted, of: size)
        let state = try bench([]).fit(fitted)
        #expect(try bench([]).fit(fitted) == state, "the same rows teach the same bytes")
        let scorer = try bench(state)
        let held = try LearningCases.rows(golden.held, of: size).map { try scorer.score($0)["patches:mean"] ?? .nan }
        let mean = held.reduce(0, +) / Double(held.count)
        #expect(mean <= golden.mean + 0.25, "\(mean) nats a patch, scikit-learn's \(golden.mean)")
        #expect(mean >= golden.mean - 2, "a likelihood far beyond scikit-learn's is a fault of arithmetic")
    }

    /// An attack on the empty background alone does not show in the textured components.
    @Test func texturedComponentsDoNotLookAtTheBackground() throws {
        let golden = LearningCases.all.input_statistics[0]
        let bench = try InputStatisticsTests.bench(golden, state: LearningCases.bytes(golden.state))
        let row = try InputStatisticsTests.rows(golden)[0]
        let (height, width) = (golden.extents[1], golden.extents[2])
        var attacked = row
        for y in 0..<height {
            for x in 0..<3 where (x + y) % 2 == 0 { attacked[y * width + x] += 12.0 / 255 }
        }
        let before = try bench.score(row)
        let after = try bench.score(attacked)
        for name in ["patches:textured", "median:3:excess-textured", "median:3:energy-textured"] {
            #expect(after[name] == before[name])
        }
        for name in ["patches:mean", "patches:max", "median:3:excess", "median:3:energy-flat"] {
            #expect(after[name, default: 0] > before[name, default: .infinity] + 0.1)
        }
    }

    /// Pictures of one value have no textured part, and a mixture fitted on nothing else is finite.
    @Test func flatPictures() throws {
        func bench(_ state: [UInt8]) throws -> Bench {
            try Bench(
                Tables.inputStatistics,
                configuration: #"{"components": ["patches", "excess", "energy"]}"#,
                models: ["served": InputStatisticsTests.model([3, 9, 9])],
                state: state
            )
        }
        let flat = (0..<30).map { _ in [Float](repeating: 0.2, count: 243) }
        let scorer = try bench(try bench([]).fit(flat))
        let components = try scorer.score(flat[0])
        let isFinite = components.values.allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(components["patches:textured"] == components["patches:mean"])
        #expect(abs(components["median:3:excess", default: 1]) < 1e-6)
    }

    @Test func theDefaultIsEveryDenoisersExcess() throws {
        func components(_ configuration: String) throws -> [String] {
            try Bench(
                Tables.inputStatistics,
                configuration: configuration,
                models: ["served": InputStatisticsTests.model([3, 9, 9])]
            ).graph.components
        }
        #expect(try components("{}") == ["median:3:excess", "blur:0.5:excess"])
        #expect(try components(#"{"denoisers": []}"#) == ["patches:mean", "patches:textured"])
        let smooth = #"{"denoisers": [{"nlm": {"search": 11, "window": 3, "strength": 4}}]}"#
        #expect(try components(smooth) == ["nlm:11:3:4:excess"])
    }

    @Test func largePicturesAreSampled() throws {
        let extents = [3, 512, 512]
        let bench = try Bench(Tables.inputStatistics, models: ["served": InputStatisticsTests.model(extents)])
        var random = StateMutationTests.Random(state: 3)
        let rows = (0..<3).map { _ in
            (0..<3 * 512 * 512).map { _ in Float(UInt8.random(in: 0...255, using: &random)) / 255 }
        }
        let state = try bench.fit(rows)
        let scorer = try Bench(
            Tables.inputStatistics,
            models: ["served": InputStatisticsTests.model(extents)],
            state: state
        )
        #expect(try scorer.score(rows[0]).values.allSatisfy(\.isFinite))
    }

    @Test(arguments: [
        (#"{"colour": "blue"}"#, [1, 8, 8], "colour: found blue, expected all or grey"),
        (#"{"colour": "all"}"#, [5, 8, 8], "colour: found all, expected grey for pictures of more than 4 channels"),
        (#"{"mixture": 65}"#, [1, 8, 8], "mixture: found 65, expected an integer from 1 to 64"),
        (#"{"texture": 0}"#, [1, 8, 8], "texture: found 0, expected an integer from 1 to 255"),
        (#"{"patches": 3}"#, [1, 8, 8], "patches: found 3, expected an integer from 16 to 1048576"),
        (
            #"{"denoisers": [{"shift": 1}]}"#, [1, 8, 8],
            "denoisers: found shift:1,0, expected what leaves everything in its place"
        ),
        (
            #"{"components": ["patches:median"]}"#, [1, 8, 8],
            "components: found patches:median, expected one of patches, excess, energy, or one alone such as patches:mean"
        ),
    ]) func refusals(_ configuration: String, _ extents: [Int], _ message: String) {
        #expect(throws: HostedFault(status: PICKET_INVALID, message: message)) {
            try Bench(
                Tables.inputStatistics,
                configuration: configuration,
                models: ["served": InputStatisticsTests.model(extents)]
            )
        }
    }

    @Test func rowsThatAreNoPictures() throws {
        let fault = #expect(throws: HostedFault.self) {
            try Bench(
                Tables.inputStatistics,
                kind: PICKET_SUBJECT_TENSOR,
                models: ["served": InputStatisticsTests.model([12])]
            )
        }
        #expect(fault?.status == PICKET_UNSUPPORTED)
        let small = "input-statistics needs pictures of 3 × 3 pixels or more, rows are 1 × 2 × 9"
        #expect(throws: HostedFault(status: PICKET_UNSUPPORTED, message: small)) {
            try Bench(Tables.inputStatistics, models: ["served": InputStatisticsTests.model([1, 2, 9])])
        }
        let golden = LearningCases.all.input_statistics[0]
        let bench = try InputStatisticsTests.bench(golden, state: LearningCases.bytes(golden.state))
        var row = try InputStatisticsTests.rows(golden)[0]
        row[5] = .nan
        #expect(throws: HostedFault(status: PICKET_FAILED, message: "pixel 5 is nan")) { try bench.score(row) }
        let few = "input-statistics fits a mixture of 6 on 300 patches or more, found 0 in 0 clean rows"
        #expect(throws: HostedFault(status: PICKET_INVALID, message: few)) { try bench.fit([]) }
    }
}
