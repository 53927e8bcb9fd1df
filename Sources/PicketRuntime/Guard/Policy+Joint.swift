package import PicketConfiguration
package import PicketDetection

extension PicketConfiguration.Chain {
    /// How the configuration wants components joined.
    package var joint: JointMethod {
        switch method {
        case .twoLevel: .twoLevel
        case .oneLevel: .oneLevel
        case .twoLevelMax: .twoLevelMax
        case .max: .max
        case .minP: .minP
        case .fisher: .fisher
        }
    }
}
