/// Finds the activations that older opsets have no operator for in the formulas that exporters write for them:
///
/// - SiLU: x · Sigmoid(x)
/// - HardSwish: x · HardSigmoid(x; 1/6, 1/2) and x · Clip(x + 3, 0, 6) / 6
/// - GELU: x · 1/2 · (1 + Erf(x / √2)) and x · 1/2 · (1 + Tanh(√(2/π) · (x + 0.044715 · x³)))
///
/// Products in whatever order; what others read of a formula keeps it as it is.
package struct ActivationComposition: GraphPass {
    package let name = "activation composition"

    package init() {}

    /// An activation of `operand`, made by some nodes.
    private struct Found {
        var operation: any Operator
        var operand: ValueID
        var nodes: Set<Int>
    }

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() where node.operation is Mul || node.operation is Div {
            guard let output = node.outputs.first ?? nil, let found = find(output, analysed),
                !found.nodes.contains(where: patch.touches), analysed.isClosed(found.nodes, endingAt: index),
                analysed.agree(found.operand, output)
            else { continue }
            let activation = Node(
                name: node.name,
                operation: found.operation,
                inputs: [found.operand],
                outputs: node.outputs
            )
            for inner in found.nodes.subtracting([index]) { patch.remove(inner) }
            patch.replace(index, with: activation)
            patch.note("\(found.nodes.count) nodes to \(node.name.quotedForMessage) become \(activation.operatorName)")
        }
        return patch.isEmpty ? nil : patch
    }

    private func find(_ output: ValueID, _ analysed: AnalysedGraph) -> Found? {
        let product = Factors(of: output, analysed)
        guard product.values.count == 2 else { return nil }
        for (operand, function) in [(0, 1), (1, 0)].map({ (product.values[$0.0], product.values[$0.1]) }) {
            guard let (index, node) = analysed.maker(of: function) else { continue }
            var found: Found?
            switch node.operation {
            case is Sigmoid where product.isAbout(1) && node.inputs.first == operand:
                found = Found(operation: Silu(), operand: operand, nodes: [])
            case let line as HardSigmoid where product.isAbout(1) && node.inputs.first == operand:
                guard (line.alpha * 6 - 1).magnitude < 1e-5, line.beta == 0.5 else { continue }
                found = Found(operation: HardSwish(), operand: operand, nodes: [])
            case let clip as Clip where product.isAbout(1.0 / 6):
                guard clip.activation(analysed.constantOperands(node)) == .clip(lower: 0, upper: 6) else { continue }
                found = sum(node.inputs.first ?? nil, of: 3, analysed).flatMap { sum in
                    sum.value == operand ? Found(operation: HardSwish(), operand: operand, nodes: [sum.node]) : nil
                }
            case is Add where product.isAbout(0.5):
                found = gelu(of: operand, function, analysed)
            // The sum is a node of the formula already.
            default: continue
            }
            guard var found else { continue }
            found.nodes.formUnion(product.nodes.union([index]))
            return found
        }
        return nil
    }

    /// The value that a node adds a number to.
    private func sum(
        _ value: ValueID?,
        of number: Float,
        _ analysed: AnalysedGraph
    ) -> (value: ValueID, node: Int)? {
        guard let (index, node) = analysed.maker(of: value), node.operation is Add, node.inputs.count == 2,
            let left = node.inputs[0], let right = node.inputs[1]
        else { return nil }
        if analysed.scalar(right) == number { return (left, index) }
        if analysed.scalar(left) == number { return (right, index) }
        return nil
    }

    /// GELU, where `value` is 1 + Erf(…) or 1 + Tanh(…).
    private func gelu(of x: ValueID, _ value: ValueID, _ analysed: AnalysedGraph) -> Found? {
        guard let (inner, sum) = sum(value, of: 1, analysed), let (index, function) = analysed.maker(of: inner),
            let argument = function.inputs.first ?? nil
        else { return nil }
        let factors = Factors(of: argument, analysed, whole: [x])
        guard factors.values.count == 1 else { return nil }
        if function.operation is Erf, factors.values == [x], factors.isAbout(Float(0.5).squareRoot()) {
            return Found(operation: Gelu(usesTanh: false), operand: x, nodes: factors.nodes.union([sum, index]))
        }
        guard function.operation is Tanh, factors.isAbout((2 / Float.pi).squareRoot()),
            let (last, cubic) = analysed.maker(of: factors.values[0]), cubic.operation is Add,
            cubic.inputs.count == 2, let position = cubic.inputs.firstIndex(of: x),
            let term = cubic.inputs[1 - position], let cube = cube(of: x, term, analysed)
        else { return nil }
        let nodes = cube.union(factors.nodes).union([sum, index, last])
        return Found(operation: Gelu(usesTanh: true), operand: x, nodes: nodes)
    }

    /// The nodes of 0.044715 · x³.
    private func cube(of x: ValueID, _ term: ValueID, _ analysed: AnalysedGraph) -> Set<Int>? {
        let factors = Factors(of: term, analysed, whole: [x])
        guard factors.isAbout(0.044715) else { return nil }
        if factors.values == [x, x, x] { return factors.nodes }
        guard factors.values.count == 1, let (index, power) = analysed.maker(of: factors.values[0]),
            power.operation is Pow, power.inputs.first == x, analysed.scalar(power.inputs.last ?? nil) == 3
        else { return nil }
        return factors.nodes.union([index])
    }
}
