import PicketEvaluation
import Testing

@Suite struct FlagArithmeticTests {
    @Test func fewFlagsAreRealWhereAttacksAreRare() {
        let flags = FlagArithmetic(falsePositiveRate: 0.05, detectionRate: 0.9, attacksPerRequest: 1e-4)
        // 0.00009 real against 0.049995 false.
        #expect(abs(flags.shareOfRealFlags - 0.00009 / (0.00009 + 0.9999 * 0.05)) < 1e-15)
        #expect(abs(flags.shareOfRealFlags - 0.0018) < 1e-4)
        #expect(FlagArithmetic(falsePositiveRate: 0, detectionRate: 0, attacksPerRequest: 0.5).shareOfRealFlags == 0)
        #expect(FlagArithmetic(falsePositiveRate: 0, detectionRate: 1, attacksPerRequest: 0.5).shareOfRealFlags == 1)
    }
}
