internal import Glibc

/// The standard normal distribution's upper tail.
package enum NormalTail {
    /// From here on `erfc` nears the end of its range, and four terms of the asymptotic series leave 1 in 10¹¹.
    private static let seriesStart = 25.0

    /// ln P(Z > z), to about 1 in 10¹¹ of its size, for any finite z (Abramowitz and Stegun 7.1.2 and 26.2.12).
    package static func logProbability(above z: Double) -> Double {
        if z < -1 { return log1p(-erfc(-z / 2.0.squareRoot()) / 2) }
        if z < seriesStart { return log(erfc(z / 2.0.squareRoot()) / 2) }
        let square = z * z
        let series = (-1 + (3 + (-15 + 105 / square) / square) / square) / square
        return -square / 2 - log(z) - log(2 * Double.pi) / 2 + log1p(series)
    }
}
