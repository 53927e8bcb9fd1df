import PicketPluginSDK
import PicketTransforms

/// The components that a configuration asks for, and the layers that they need.
struct ComponentChoice {
    let layers: [LayerChoice]
    let components: ScopedComponents
    /// What is asked of each layer.
    let measures: [Set<Measure>]

    /// - Parameters:
    ///   - asked: nil: the usual ones.
    ///   - all: the layers to choose from; those that no component looks at are left out.
    init(_ asked: [String]?, at all: [LayerChoice], hasClasses: Bool) throws {
        let usual = Measure.usual(hasClasses: hasClasses, early: all.first?.label ?? "")
        do {
            let first = try ComponentChoice.choose(asked ?? usual, at: all, hasClasses)
            let used = Set(first.components.flatMap(\.places))
            layers = all.indices.filter(used.contains).map { all[$0] }
            components = try ComponentChoice.choose(asked ?? usual, at: layers, hasClasses)
        } catch {
            throw DetectorFault.invalid("components: \(error)")
        }
        var measures = [Set<Measure>](repeating: [], count: layers.count)
        for component in components.components {
            for place in component.places { measures[place].insert(Measure.allCases[component.statistic]) }
        }
        self.measures = measures
    }

    private static func choose(
        _ asked: [String],
        at layers: [LayerChoice],
        _ hasClasses: Bool
    ) throws(TransformFault) -> ScopedComponents {
        let places = layers.enumerated().map { (name: $1.label, number: $0) }
        var offered: [ScopedComponents.Component] = []
        for (number, measure) in Measure.allCases.enumerated() where hasClasses || !measure.needsClasses {
            offered += ScopedComponents.offered(measure.rawValue, group: measure.rawValue, number: number, at: places)
        }
        return try ScopedComponents(choosing: asked, from: offered)
    }
}
