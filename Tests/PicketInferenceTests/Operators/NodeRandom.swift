/// What nodes are drawn with: the same from the same state, everywhere.
struct NodeRandom {
    var state: UInt64

    /// From 0 up to a bound, 0 where there is none.
    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(bound, 1)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
