import PicketPluginSDK

/// How far two rows are apart, per number.
struct Distances {
    /// Mean absolute difference.
    let l1: Double
    /// Root of the mean squared difference.
    let l2: Double

    /// - Throws: where one is longer, or a number is not finite.
    init(_ one: TensorView, _ other: TensorView) throws {
        (l1, l2) = try one.withElements { one in
            try other.withElements { other in
                guard one.count == other.count else {
                    throw DetectorFault.failed(
                        "a reconstruction of \(other.count) numbers beside a row of \(one.count)"
                    )
                }
                var absolute = 0.0
                var squared = 0.0
                for index in one.indices {
                    let difference = Double(one[index]) - Double(other[index])
                    absolute += abs(difference)
                    squared += difference * difference
                }
                guard absolute.isFinite, squared.isFinite else {
                    throw DetectorFault.failed("the reconstruction is not finite")
                }
                return (absolute / Double(one.count), (squared / Double(one.count)).squareRoot())
            }
        }
    }
}
