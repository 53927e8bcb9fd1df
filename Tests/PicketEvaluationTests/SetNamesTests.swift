import PicketEvaluation
import Testing

@Suite struct SetNamesTests {
    @Test func namesAreShortAndToldApart() {
        let paths = ["data/a.npz", "other/a.npz", "pictures/", ".npz", "x.npz.npz", "a-2", "A.npz"]
        #expect(SetNames(paths).unique == ["a", "a-2", "pictures", ".npz", "x.npz", "a-2-2", "A-3"])
    }

    /// Names go to terminals and into file names.
    @Test(arguments: [
        ("data/a\n| b.npz", "a-| b"), ("\u{1B}[31mred.npz", "-[31mred"), ("a\\b.npz", "a-b"), ("x/..", "set"),
        ("x/.", "set"), ("a\u{202E}b.npz", "a-b"), ("é ü.npz", "é ü"), ("/", "set"), ("\0.npz", "-"),
    ])
    func namesArePlain(path: String, name: String) {
        #expect(SetNames.short(path) == name)
    }

    @Test func longNamesAreCut() {
        let long = String(repeating: "ü", count: 4000)
        let names = SetNames([long + "a.npz", long + "b.npz"]).unique
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy { "\($0).components.npy".utf8.count <= 255 })
    }
}
