/// What a configuration that says nothing gets.
enum Defaults {
    /// Strong enough to move what stands at a border, weak enough for a model that was not trained under noise.
    static let deviation = 0.1
    static let samples = 8
    static let components = ["votes", "label", "margin", "drop"]
    /// The confidence of a certificate is 1 − alpha, and its draws, as the paper has them but for their number.
    static let alpha = 0.001
    static let selection = 32
    static let estimation = 128
}
