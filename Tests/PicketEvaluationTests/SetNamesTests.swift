import PicketEvaluation
import Testing

@Suite struct SetNamesTests {
    @Test func namesAreShortAndToldApart() {
        let paths = ["data/a.npz", "other/a.npz", "pictures/", ".npz", "x.npz.npz", "a-2"]
        #expect(SetNames(paths).unique == ["a", "a-2", "pictures", ".npz", "x.npz", "a-2-2"])
    }
}
