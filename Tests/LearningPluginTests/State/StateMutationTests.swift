import CPicketABI
import Testing

/// States that were damaged on disk or made by somebody: an error that names what is wrong, or finite scores; never a trap.
@Suite struct StateMutationTests {
    /// SplitMix64, so that a failing mutation is the same on every machine.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }

    static func mutated(_ state: [UInt8], _ random: inout Random) -> [UInt8] {
        var state = state
        switch Int.random(in: 0..<5, using: &random) {
        case 0: state.removeLast(Int.random(in: 1...state.count, using: &random))
        case 1:
            for _ in 0..<Int.random(in: 1...9, using: &random) { state.append(.random(in: 0...255, using: &random)) }
        case 2:
            // A whole word, where counts are.
            let place = Int.random(in: 0..<min(state.count / 4, 40), using: &random) * 4
            let words: [UInt32] = [.max, 1 << 31, 0, 1 << 20, 0x7FC0_0000]
            let word = words[Int.random(in: 0..<words.count, using: &random)]
            for offset in 0..<4 { state[place + offset] = UInt8(truncatingIfNeeded: word >> UInt32(8 * offset)) }
        case 3:
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                state[Int.random(in: 0..<state.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
        default:
            state[Int.random(in: 0..<state.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        return state
    }

    private func check(_ state: [UInt8], rounds: Int, _ use: ([UInt8]) throws -> Void) {
        var random = Random(state: 0x5EED)
        var refused = 0
        for _ in 0..<rounds {
            let damaged = StateMutationTests.mutated(state, &random)
            do {
                try use(damaged)
            } catch let fault as HostedFault {
                refused += 1
                let isState = fault.status == PICKET_INVALID && fault.message.hasPrefix("state: ")
                #expect(isState, "\(fault)")
            } catch {
                Issue.record(error)
            }
        }
        #expect(refused > rounds / 4, "mutations are mostly noticed, \(refused) of \(rounds) were")
    }

    @Test func featureSpaceStates() throws {
        let golden = LearningCases.all.feature_space[0]
        let state = try FeatureSpaceGoldenTests.fitted(golden, Tables.featureSpace)
        let models = try FeatureSpaceGoldenTests.models(golden)
        check(state, rounds: 600) { state in
            let bench = try Bench(
                Tables.featureSpace,
                configuration: FeatureSpaceGoldenTests.configuration(golden),
                kind: PICKET_SUBJECT_TENSOR,
                models: models,
                state: state
            )
            _ = try bench.score([3])
        }
    }

    @Test func inputStatisticsStates() throws {
        let golden = LearningCases.all.input_statistics[0]
        let row = try InputStatisticsTests.rows(golden)[0]
        check(try LearningCases.bytes(golden.state), rounds: 600) { state in
            _ = try InputStatisticsTests.bench(golden, state: state).score(row)
        }
    }

    /// Every cut of a state is refused before its last byte is there.
    @Test func cutStatesAreRefused() throws {
        let golden = LearningCases.all.input_statistics[0]
        let state = try LearningCases.bytes(golden.state)
        for length in 1..<state.count {
            let fault = #expect(throws: HostedFault.self) {
                try InputStatisticsTests.bench(golden, state: Array(state[..<length]))
            }
            #expect(fault?.message.hasPrefix("state: ") == true)
        }
    }

    @Test(arguments: [
        ([0x50, 0x4B, 0x49, 0x54, 1, 0, 0, 0], "state: begins with [80, 75, 73, 84], expected the letters PKIS"),
        ([0x50, 0x4B, 0x49, 0x53, 2, 0, 0, 0], "state: version is 2, expected 1"),
        ([0x50, 0x4B, 0x49, 0x53, 1, 0, 0, 0, 8, 0, 0, 0], "state: dimension is 8, expected 9"),
        (
            [0x50, 0x4B, 0x49, 0x53, 1, 0, 0, 0, 9, 0, 0, 0, 255, 255, 255, 255],
            "state: size is 4294967295, expected 1 to 64"
        ),
        (
            [0x50, 0x4B, 0x49, 0x53, 1, 0, 0, 0, 9, 0, 0, 0, 64, 0, 0, 0],
            "state: ends within constants, 0 bytes are left for 64 numbers"
        ),
        (
            [0x50, 0x4B, 0x49, 0x53, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0xC0, 0x7F],
            "state: constants[0] is nan, expected a finite number"
        ),
    ]) func sentences(_ state: [UInt8], _ message: String) {
        #expect(throws: HostedFault(status: PICKET_INVALID, message: message)) {
            try InputStatisticsTests.bench(LearningCases.all.input_statistics[0], state: state)
        }
    }
}
