import Glibc
public import PicketPluginSDK
import PicketTransforms

/// Where the certificate's facts go.
struct CertificateFacts {
    let radius: Int
    let confidence: Int
}

extension NoiseStability {
    /// Certifies as the paper does: the copies for selection choose the label, others estimate its probability. The answer
    /// that is then served is the smoothed classifier's, the shares of the votes of all copies for estimation, with one
    /// vote more spread over the classes so that every logarithm is finite.
    ///
    /// Where the classifier abstains, the radius and the confidence are 0, and the answer, whatever its first class, is
    /// vouched for by nobody.
    public func report(
        _ evidence: Evidence,
        facts room: inout MutableSpan<Double>,
        answer: inout MutableSpan<Float>
    ) throws {
        guard let certificate, let facts else { return }
        let selection = certificate.settings.selection
        let classes = answer.count
        guard noisy.count == selection + certificate.settings.estimation, classes > 0, room.count == 2 else {
            throw DetectorFault.failed("reports on \(noisy.count) copies and \(classes) classes, planned for others")
        }
        let labels = try noisy.map {
            try evidence[$0].withElements { try ClassDistribution(logProbabilities: $0).label }
        }
        guard labels.allSatisfy({ $0 < classes }) else {
            throw DetectorFault.failed("a noisy copy's label is beyond the \(classes) classes of the answer")
        }
        let selected = Votes(of: labels[..<selection], classes: classes).top
        let estimated = Votes(of: labels[selection...], classes: classes)
        let radius = certificate.radius(estimated.counts[selected])
        room[facts.radius] = radius
        room[facts.confidence] = radius > 0 ? 1 - certificate.settings.alpha : 0
        let total = Double(labels.count - selection + 1)
        for label in 0..<classes {
            answer[label] = Float(log((Double(estimated.counts[label]) + 1 / Double(classes)) / total))
        }
    }
}
