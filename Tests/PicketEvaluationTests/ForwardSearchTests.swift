import PicketEvaluation
import Testing

@Suite struct ForwardSearchTests {
    /// Candidates of value to three attacks; the value of a choice is that of its best member on each.
    private static let worth: [[Double]] = [
        [0.5, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9], [0.6, 0.6, 0.6], [0.5, 0.1, 0.1],
    ]
    private static let prices = [1, 1, 1, 4, 2]

    private static func search() -> ForwardSearch {
        var pool = CandidatePool()
        for index in worth.indices {
            let settings = SettingsValue.object([:])
            pool.variants.append(
                PoolVariant(entry: index, name: "\(index)", plugin: "p", settings: settings, namesComponents: false)
            )
            pool.candidates.append(Candidate(variant: index, name: "\(index)", elements: [], components: ["c"]))
        }
        return ForwardSearch(pool) { choices in
            choices.map { choice in
                ChoiceFigures(
                    detection: (0..<3).map { set in choice.map { worth[$0][set] }.max() ?? 0 },
                    falsePositiveRate: 0
                )
            }
        } cost: { choice in
            choice.reduce(0) { $0 + prices[$1] }
        }
    }

    @Test(arguments: [(1, [1]), (2, [1, 2]), (3, [0, 1, 2]), (4, [0, 1, 2])] as [(Int, Set<Int>)])
    func findsTheBestWithinABudget(budget: Int, expected: Set<Int>) async throws {
        let search = ForwardSearchTests.search()
        let choice = try #require(await search.best(passes: budget, over: [0, 1, 2], width: 3))
        #expect(choice == expected)
        #expect(search.passes(of: choice) <= budget)
    }

    @Test func countsOnlyTheSetsThatItIsAskedFor() async throws {
        let search = ForwardSearchTests.search()
        #expect(await search.best(passes: 1, over: [2], width: 1) == [2])
        #expect(await search.best(passes: 4, over: [0], width: 1) == [3])
    }

    @Test func nothingFitsABudgetOfNothing() async {
        #expect(await ForwardSearchTests.search().best(passes: 0, over: [0], width: 1) == nil)
    }

    @Test func needlessPartsArePruned() async throws {
        // Six passes: the wide candidate comes first, then the two sharp ones; what is left of it is set 0.
        let choice = try #require(await ForwardSearchTests.search().best(passes: 6, over: [0, 1, 2], width: 1))
        #expect(choice == [1, 2, 3])
    }

    @Test func whatIsLeftOfEverythingFitsTheBudget() async throws {
        let search = ForwardSearchTests.search()
        for budget in 4...9 {
            let choice = try #require(await search.reduced([0, 1, 2, 3, 4], passes: budget, over: [0, 1, 2]))
            #expect(search.passes(of: choice) <= budget && !choice.isEmpty)
        }
        // What is worth most alone costs four.
        #expect(await search.reduced([0, 1, 2, 3, 4], passes: 1, over: [0, 1, 2]) == nil)
        #expect(await search.reduced([0, 1, 2, 3, 4], passes: 9, over: [0, 1, 2]) == [1, 2, 3])
    }
}
