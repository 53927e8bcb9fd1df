/// What a configuration that says nothing but its members gets.
enum Defaults {
    /// How far all the models are apart, how far the members are from the served label together and each, and the votes.
    static let components = ["js", "margin", "mean-margin", "vote"]
    /// What is offered beside them in the members' answers for squeezed rows.
    static let squeezedComponents = ["cross"]
}
