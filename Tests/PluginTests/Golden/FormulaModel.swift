import Foundation

/// The model of the golden cases: a formula, the same in make_golden.py.
enum FormulaModel {
    private static let offsets = ["": 0.0, "member-b": 3, "member-c": 7]

    static func logProbabilities(_ row: [Float], model: String, classes: Int) -> [Float] {
        let offset = offsets[model, default: .nan]
        let scale = 6 / Double(row.count).squareRoot()
        let logits = (0..<classes).map { label in
            scale
                * row.enumerated().reduce(0.0) { sum, element in
                    sum + sin(0.37 * (Double(label + 1) + offset) * Double(element.offset + 1))
                        * Double(element.element)
                }
        }
        let peak = logits.max() ?? 0
        let norm = peak + log(logits.reduce(0) { $0 + exp($1 - peak) })
        return logits.map { Float($0 - norm) }
    }
}
