import Glibc

/// Angles in degrees.
enum Angle {
    static func cosineAndSine(degrees: Double) -> (cosine: Double, sine: Double) {
        let radians = degrees * Double.pi / 180
        return (cos(radians), sin(radians))
    }
}
