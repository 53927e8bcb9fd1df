/// Puts nodes in an order in which every operand is made before it is read.
///
/// ONNX asks its writers for such an order. Some exporters miss it, and the graph is as good without: any order of
/// a graph without cycles is taken, and the file's own is kept where it will do.
struct NodeOrder {
    /// For each node the nodes that make its operands.
    let operands: [[Int]]

    /// A cycle, by one of its nodes.
    struct Cycle: Error {
        let node: Int
    }

    /// The nodes' indices, sorted.
    ///
    /// Depth-first with a stack of its own, so that no length of chain exhausts the thread's.
    func sorted() throws(Cycle) -> [Int] {
        enum State { case new, open, done }
        var states = [State](repeating: .new, count: operands.count)
        var order: [Int] = []
        order.reserveCapacity(operands.count)
        var stack: [(node: Int, next: Int)] = []
        for root in operands.indices where states[root] == .new {
            states[root] = .open
            stack.append((root, 0))
            while let (node, next) = stack.last {
                guard next < operands[node].count else {
                    states[node] = .done
                    order.append(node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let operand = operands[node][next]
                switch states[operand] {
                case .done: continue
                case .open: throw Cycle(node: operand)
                case .new:
                    states[operand] = .open
                    stack.append((operand, 0))
                }
            }
        }
        return order
    }
}
