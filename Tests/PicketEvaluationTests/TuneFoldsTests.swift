import PicketEvaluation
import Testing

@Suite struct TuneFoldsTests {
    @Test func partsNeverMixAndEveryRowIsHeldOutOnce() {
        let folds = TuneFolds(rowCount: 1000, groups: nil).folds
        #expect(folds.count == TuneFolds.count)
        #expect(folds.flatMap(\.held).sorted() == Array(0..<1000))
        for fold in folds {
            #expect((fold.held + fold.ranks + fold.pValues).sorted() == Array(0..<1000))
            // A quarter, a quarter, a half, but for what hashing leaves uneven.
            #expect(abs(fold.held.count - 250) < 40 && abs(fold.pValues.count - 500) < 60)
        }
    }

    @Test func groupsStayTogether() {
        let groups = (0..<600).map { Int64($0 / 7) }
        for fold in TuneFolds(rowCount: 600, groups: groups).folds {
            let parts = [fold.held, fold.ranks, fold.pValues].map { Set($0.map { groups[$0] }) }
            #expect(parts[0].isDisjoint(with: parts[1]) && parts[0].isDisjoint(with: parts[2]))
            #expect(parts[1].isDisjoint(with: parts[2]))
        }
    }

    @Test(
        arguments: [
            ("data/pgd-0.05-8bit.npz", "pgd"), ("garment-mim-0.12-float.npz", "garment-mim"),
            ("deepfool.npz", "deepfool"),
            ("0.5.npz", "0.5"), ("apgd-ce-0.08.npz", "apgd-ce"),
        ]
    )
    func strengthsAndPrecisionAreNoAttackOfTheirOwn(file: String, attack: String) {
        #expect(AttackName.of(file) == attack)
    }
}
