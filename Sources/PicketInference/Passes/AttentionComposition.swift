internal import PicketTensor

/// Finds scaled dot-product attention as exporters write it, softmax(queries · keys · scale + masks) · values, and makes it
/// one node, so that the scores need never be in memory as a whole.
///
/// Each part may be missing or stand where exporters put it: the scale on the queries, the keys, the scores or as a square
/// root on both; one mask or several, constant or computed; windows whose masks are added under another shape.
package struct AttentionComposition: GraphPass {
    package let name = "attention composition"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() where AttentionSearch.isPlainProduct(node) {
            guard let found = AttentionSearch(endingAt: index, analysed), !found.nodes.contains(where: patch.touches)
            else { continue }
            patch.replace(index, with: found.node(node, analysed))
            for inner in found.nodes where inner != index { patch.remove(inner) }
            patch.note("\(found.nodes.count) nodes to \(node.name.quotedForMessage) become Attention")
        }
        return patch.isEmpty ? nil : patch
    }
}

/// The nodes of one attention, found from its last product backwards.
private struct AttentionSearch {
    /// More than exporters write; a bound for long chains.
    private static let maximumNodes = 16

    private let analysed: AnalysedGraph
    private(set) var nodes: Set<Int> = []
    private var factors: [ValueID] = []
    private var scales: [(number: ValueID, divides: Bool)] = []
    private var addends: [(value: ValueID, sum: ValueID)] = []

    static func isPlainProduct(_ node: Node) -> Bool {
        guard let product = node.operation as? MatMul else { return false }
        return product.activation == .none && !product.addsResidual && node.inputs.count == 2
    }

    init?(endingAt last: Int, _ analysed: AnalysedGraph) {
        self.analysed = analysed
        let product = analysed.graph.nodes[last]
        guard let probabilities = product.inputs[0], let values = product.inputs[1],
            let (index, softmax) = analysed.maker(of: probabilities), let operation = softmax.operation as? Softmax,
            let sums = softmax.inputs.first ?? nil, isAlongRows(operation, sums)
        else { return nil }
        nodes = [last, index]
        guard let (left, right) = scores(sums) else { return nil }
        factors = [unscaled(left), unscaled(right), values]
        guard areStacks(probabilities), analysed.isClosed(nodes, endingAt: last) else { return nil }
    }

    private func isAlongRows(_ softmax: Softmax, _ operand: ValueID) -> Bool {
        analysed.facts(operand).allSatisfy { fact in
            guard let split = try? softmax.axis.split(fact.shape) else { return false }
            return fact.shape.rank >= 2 && split.inner == 1 && split.count == fact.shape.dimensions.last
        }
    }

    /// The operands of the product that the sums are made of; takes the masks on the way, then the scale.
    private mutating func scores(_ sums: ValueID) -> (left: ValueID, right: ValueID)? {
        var value = sums
        while nodes.count < Self.maximumNodes, let (index, node) = analysed.maker(of: value) {
            if Self.isPlainProduct(node), let left = node.inputs[0], let right = node.inputs[1] {
                nodes.insert(index)
                return (left, right)
            }
            if node.operation is Reshape, let operand = node.inputs[0], keepsMatrices(operand, value) {
                nodes.insert(index)
                value = operand
            } else if let (scaled, number, divides) = scaling(node, value) {
                nodes.insert(index)
                scales.append((number, divides))
                value = scaled
            } else if scales.isEmpty, let (masked, mask) = masking(node, value) {
                nodes.insert(index)
                addends.append((mask, value))
                value = masked
            } else {
                return nil
            }
        }
        return nil
    }

    /// A factor without the numbers that nobody but the product needs it to be multiplied by.
    private mutating func unscaled(_ factor: ValueID) -> ValueID {
        var value = factor
        while nodes.count < Self.maximumNodes, let (index, node) = analysed.maker(of: value),
            analysed.soleConsumer(of: node) != nil, let (scaled, number, divides) = scaling(node, value)
        {
            nodes.insert(index)
            scales.append((number, divides))
            value = scaled
        }
        return value
    }

    /// A multiplication by one number, or a division.
    private func scaling(_ node: Node, _ result: ValueID) -> (value: ValueID, number: ValueID, divides: Bool)? {
        let divides = node.operation is Div
        guard divides || node.operation is Mul, node.inputs.count == 2, let left = node.inputs[0],
            let right = node.inputs[1]
        else { return nil }
        if isNumber(right), analysed.agree(left, result) { return (left, right, divides) }
        if !divides, isNumber(left), analysed.agree(right, result) { return (right, left, divides) }
        return nil
    }

    private func isNumber(_ value: ValueID) -> Bool {
        analysed.facts(value).allSatisfy { $0.elementType == .float32 && $0.shape.elementCount == 1 }
    }

    /// A sum of scores and what is broadcast to their shape: the scores are the side that leads to the product.
    private func masking(_ node: Node, _ sum: ValueID) -> (scores: ValueID, mask: ValueID)? {
        guard node.operation is Add, node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1],
            left != right
        else { return nil }
        for (scores, mask) in [(left, right), (right, left)] where leadsToProduct(scores) {
            let isFloat = analysed.facts(mask).allSatisfy { $0.elementType == .float32 }
            if isFloat, analysed.agree(scores, sum) { return (scores, mask) }
        }
        return nil
    }

    private func leadsToProduct(_ value: ValueID) -> Bool {
        var open = [value]
        for _ in 0..<Self.maximumNodes {
            guard let value = open.popLast() else { return false }
            guard let (_, node) = analysed.maker(of: value), analysed.soleConsumer(of: node) != nil else { continue }
            if Self.isPlainProduct(node) { return true }
            if node.operation is Reshape || node.operation is Mul || node.operation is Div || node.operation is Add {
                open += node.inputs.compactMap { $0 }.filter { analysed.graph.constants[$0] == nil }
            }
        }
        return false
    }

    /// Whether a reshape only cuts the stack anew, and below its outermost axis into the same extents in every batch.
    private func keepsMatrices(_ operand: ValueID, _ result: ValueID) -> Bool {
        let (before, after) = (analysed.facts(operand), analysed.facts(result))
        let isCutAlike = [before, after].allSatisfy { facts in
            Set(facts.map { Array($0.shape.dimensions.dropFirst()) }).count == 1
                && facts.allSatisfy { $0.shape.rank >= 3 && $0.elementType == .float32 }
        }
        return isCutAlike
            && zip(before, after).allSatisfy { $0.shape.dimensions.suffix(2) == $1.shape.dimensions.suffix(2) }
    }

    /// Whether queries, keys, values and probabilities are stacks of as many matrices, at every batch size.
    private func areStacks(_ probabilities: ValueID) -> Bool {
        let facts = (factors + [probabilities]).map { analysed.facts($0) }
        guard let count = facts.first?.count, count > 0, facts.allSatisfy({ $0.count == count }),
            factors.dropFirst().allSatisfy({ analysed.graph.constants[$0] == nil })
        else { return false }
        return (0..<count).allSatisfy { probe in
            let shapes = facts.map { $0[probe].shape.dimensions }
            return shapes.allSatisfy { $0.count >= 2 && $0.dropLast(2) == shapes[0].dropLast(2) }
                && facts.allSatisfy { $0[probe].elementType == .float32 }
        }
    }

    /// The one node, with the others inside.
    func node(_ last: Node, _ analysed: AnalysedGraph) -> Node {
        var operands = factors.map(Optional.some)
        let body = nodes.sorted().map { analysed.graph.nodes[$0] }
        let made = Set(body.flatMap { $0.outputs.compactMap { $0 } })
        // What is also a factor stands there twice: factors may be read in other memory than their own.
        var others: [ValueID: ValueID] = [:]
        for other in scales.map(\.number) + addends.map(\.value) + body.flatMap({ $0.inputs.compactMap { $0 } })
        where others[other] == nil && !made.contains(other) {
            guard
                scales.contains(where: { $0.number == other }) || addends.contains(where: { $0.value == other })
                    || !factors.contains(other)
            else { continue }
            others[other] = ValueID(operands.count)
            operands.append(other)
        }
        var local: [ValueID: ValueID] = [:]
        for (position, factor) in factors.enumerated() { local[factor] = local[factor] ?? ValueID(position) }
        local.merge(others) { factor, _ in factor }
        let inner = body.enumerated().map { position, node in
            for case let output? in node.outputs { local[output] = ValueID(operands.count + position) }
            return Node(
                name: node.name,
                operation: node.operation,
                inputs: node.inputs.map { id in id.flatMap { local[$0] } },
                outputs: node.outputs.map { id in id.flatMap { local[$0] } }
            )
        }
        let attention = Attention(
            body: inner,
            scales: scales.compactMap { scale in
                others[scale.number].map { .init(operand: $0.index, divides: scale.divides) }
            },
            addends: addends.compactMap { addend in
                guard let operand = others[addend.value], let sum = local[addend.sum] else { return nil }
                return .init(operand: operand.index, sum: sum)
            }
        )
        return Node(name: last.name, operation: attention, inputs: operands, outputs: last.outputs)
    }
}
