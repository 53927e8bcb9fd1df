/// A model of the tests: facts, and a formula in place of a forward pass.
struct ModelStand: Sendable {
    struct Layer: Sendable {
        let name: String
        let operatorType: String
        let extents: [Int]
    }

    /// 0: no classifier.
    var classCount: Int
    /// Of one row.
    var extents: [Int]
    var layers: [Layer] = []
    /// Tensors by name; `picket:log-probabilities` among them where it is a classifier.
    var run: @Sendable (_ row: [Float]) -> [String: [Float]]
}
