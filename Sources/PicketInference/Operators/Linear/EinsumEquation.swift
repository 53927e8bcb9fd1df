import PicketTensor

/// An Einstein sum in letters: which axes of which operand are the same, and which remain.
struct EinsumEquation: Sendable, Hashable {
    /// A letter, or an axis that stands for itself in an ellipsis, counted from the back.
    enum Label: Sendable, Hashable {
        case letter(Character)
        case ellipsis(Int)
    }

    private enum Symbol: Hashable {
        case letter(Character)
        case dots
    }

    private let terms: [[Symbol]]
    private let output: [Symbol]?

    /// - Parameter text: as in the ONNX specification: `bhid,bhjd->bhij`, `...ij,...jk`.
    init(_ text: String) throws(OperatorFault) {
        let compact = text.filter { $0 != " " }
        let fault = OperatorFault("attribute equation is \(text.quotedForMessage), which is no sum")
        var sides: [Substring] = [compact[...]]
        if let arrow = compact.firstIndex(of: "-") {
            let after = compact.index(after: arrow)
            guard after < compact.endIndex, compact[after] == ">" else { throw fault }
            sides = [compact[..<arrow], compact[compact.index(after: after)...]]
        }
        var terms: [[Symbol]] = []
        for term in sides[0].split(separator: ",", omittingEmptySubsequences: false) {
            terms.append(try Self.symbols(term, fault))
        }
        self.terms = terms
        guard sides.count == 2 else {
            output = nil
            return
        }
        let output = try Self.symbols(sides[1], fault)
        guard Set(output).count == output.count else { throw fault }
        self.output = output
    }

    private static func symbols(_ term: Substring, _ fault: OperatorFault) throws(OperatorFault) -> [Symbol] {
        var symbols: [Symbol] = []
        var rest = term
        while let first = rest.first {
            if rest.hasPrefix("...") {
                guard !symbols.contains(.dots) else { throw fault }
                symbols.append(.dots)
                rest = rest.dropFirst(3)
            } else {
                guard first.isASCII, first.isLetter else { throw fault }
                symbols.append(.letter(first))
                rest = rest.dropFirst()
            }
        }
        return symbols
    }

    /// The equation with every ellipsis written out.
    struct Labels: Sendable {
        var operands: [[Label]]
        var output: [Label]
        var extents: [Label: Int]
    }

    /// Labels for operands of known shape.
    ///
    /// - Throws: where operands do not fit the equation or each other.
    func labels(_ shapes: [Shape]) throws(OperatorFault) -> Labels {
        guard shapes.count == terms.count else {
            throw OperatorFault("the equation has \(terms.count) terms, expected \(shapes.count), one for each input")
        }
        var result = Labels(operands: [], output: [], extents: [:])
        var widest = 0
        for (term, shape) in zip(terms, shapes) {
            let letters = term.count { $0 != .dots }
            let hidden = shape.rank - letters
            guard hidden >= 0, hidden == 0 || term.contains(.dots) else {
                throw OperatorFault("an operand of shape \(shape) stands for \(letters) letters")
            }
            widest = max(widest, term.contains(.dots) ? hidden : 0)
            let labels = Self.written(term, dots: hidden)
            for (label, extent) in zip(labels, shape.dimensions) {
                let known = result.extents[label] ?? 1
                // Axes of extent 1 are broadcast.
                guard known == extent || known == 1 || extent == 1 else {
                    throw OperatorFault(
                        "an axis of \(shape) has extent \(extent), elsewhere the same letter has \(known)"
                    )
                }
                result.extents[label] = known == 1 ? extent : known
            }
            result.operands.append(labels)
        }
        result.output = Self.written(output ?? implicitOutput(), dots: widest)
        for label in result.output where result.extents[label] == nil {
            throw OperatorFault("the result has a letter that no operand has")
        }
        return result
    }

    private static func written(_ term: [Symbol], dots: Int) -> [Label] {
        term.flatMap { symbol -> [Label] in
            switch symbol {
            case .letter(let letter): [.letter(letter)]
            case .dots: (0..<dots).map { .ellipsis(dots - $0) }
            }
        }
    }

    /// What remains where no output is written: the ellipsis, then the letters that stand once, in their order.
    private func implicitOutput() -> [Symbol] {
        var counts: [Character: Int] = [:]
        for case .letter(let letter) in terms.joined() { counts[letter, default: 0] += 1 }
        let once = counts.filter { $0.value == 1 }.keys.sorted().map { Symbol.letter($0) }
        return (terms.contains { $0.contains(.dots) } ? [.dots] : []) + once
    }
}

extension EinsumEquation.Labels {
    /// Letters that are summed over, in the order in which operands have them.
    var summed: [EinsumEquation.Label] {
        var seen = Set(output)
        return operands.joined().filter { seen.insert($0).inserted }
    }

    /// The strides of an operand along labels; 0 where it lacks one or broadcasts it.
    func strides(_ operand: Int, _ shape: Shape, along labels: [EinsumEquation.Label]) -> [Int] {
        labels.map { label in
            zip(operands[operand], zip(shape.dimensions, shape.strides)).reduce(0) { sum, axis in
                // A label that stands twice is a diagonal.
                axis.0 == label && axis.1.0 != 1 ? sum + axis.1.1 : sum
            }
        }
    }

    func extents(_ labels: [EinsumEquation.Label]) -> [Int] { labels.map { extents[$0] ?? 1 } }
}
