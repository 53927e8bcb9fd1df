/// The standard domain's operators: a new one adds its line here, and nothing anywhere else.
enum StandardOperators {
    static let all: [any Operator.Type] = [
        Identity.self
    ]
}
