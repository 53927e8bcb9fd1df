/// What a configuration that says nothing but its members gets.
enum Defaults {
    /// How far the served answer is from what the others say: what was measured best, on the row alone and with squeezers.
    static let components = ["reference"]
}
