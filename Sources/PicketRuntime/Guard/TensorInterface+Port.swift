import PicketConfiguration
import PicketInference

extension TensorInterface {
    /// A port of a model: the batch, and whatever else the model leaves open, is any extent.
    init(_ port: PicketInference.Model.Port) {
        let dimensions = port.fact.dimensions ?? []
        self.init(
            name: port.name,
            elementType: port.fact.elementType,
            // A model that declares a batch is run in that many rows at a time or widened: clients send any number.
            dimensions: dimensions.enumerated().map { axis, dimension in axis == 0 ? nil : dimension.extent }
        )
    }

    /// The guard's own outputs, as far as the operator lets them out.
    ///
    /// - Parameter facts: the names that replies give to what detectors report.
    static func disclosed(
        _ disclose: PicketConfiguration.Chain.Disclosure,
        _ facts: [String]
    ) -> [TensorInterface] {
        let flagged = TensorInterface(name: "picket_flagged", elementType: .bool, dimensions: [nil])
        let score = TensorInterface(name: "picket_score", elementType: .float32, dimensions: [nil])
        switch disclose {
        case .none: return []
        case .verdict: return [flagged]
        case .score:
            return [flagged, score]
                + facts.map { TensorInterface(name: $0, elementType: .float32, dimensions: [nil]) }
        }
    }
}
