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
        var selected = Votes(classes: classes)
        var estimated = Votes(classes: classes)
        for (index, copy) in noisy.enumerated() {
            let label = try distribution(evidence[copy]).label
            guard label < classes else {
                throw DetectorFault.failed("a noisy copy's label is \(label), the answer has \(classes) classes")
            }
            if index < selection { selected.add(label) } else { estimated.add(label) }
        }
        let radius = certificate.radius(estimated.counts[selected.top])
        room[facts.radius] = radius
        room[facts.confidence] = radius > 0 ? 1 - certificate.settings.alpha : 0
        let total = Double(certificate.settings.estimation + 1)
        for label in 0..<classes {
            answer[label] = Float(log((Double(estimated.counts[label]) + 1 / Double(classes)) / total))
        }
    }
}
