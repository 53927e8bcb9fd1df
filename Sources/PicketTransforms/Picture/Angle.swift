/// Angles in degrees.
enum Angle {
    /// By Taylor series of the angle's distance from the nearest quarter turn: unlike the C library's functions, the same
    /// bits on every CPU. At most 2 ulp off.
    static func cosineAndSine(degrees: Double) -> (cosine: Double, sine: Double) {
        let turn = degrees.remainder(dividingBy: 360)
        let quarter = (turn / 90).rounded()
        let x = (turn - quarter * 90) * (Double.pi / 180)
        let square = x * x
        var cosine = 1.0
        var sine = 1.0
        for n in stride(from: 18.0, through: 2, by: -2) {
            cosine = 1 - cosine * square / (n * (n - 1))
            sine = 1 - sine * square / (n * (n + 1))
        }
        sine *= x
        return switch Int(quarter) & 3 {
        case 0: (cosine, sine)
        case 1: (-sine, cosine)
        case 2: (-cosine, -sine)
        default: (sine, -cosine)
        }
    }
}
