import PicketTransforms

/// `{ deviation: 0.25, samples: 16 }`, or `{ deviation: 0.25, certify: { alpha: 0.001, selection: 32, estimation: 128 } }`
struct Settings: Decodable {
    /// More copies than these the host would not plan: a copy is three nodes of 1,024.
    static let copyLimit = 320

    let deviation: Double
    /// Copies, without a certificate.
    let samples: Int
    let certificate: CertificateSettings?
    let components: [String]

    private enum CodingKeys: String, CodingKey {
        case deviation, samples, certify, components
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        deviation = try members.decodeIfPresent(Double.self, forKey: .deviation) ?? Defaults.deviation
        guard (0.001...4).contains(deviation) else {
            throw members.fault(.deviation, "found \(deviation), expected a number from 0.001 to 4")
        }
        samples = try members.decodeIfPresent(Int.self, forKey: .samples) ?? Defaults.samples
        guard (2...Settings.copyLimit).contains(samples) else {
            throw members.fault(.samples, "found \(samples), expected an integer from 2 to \(Settings.copyLimit)")
        }
        certificate = try members.decodeIfPresent(CertificateSettings.self, forKey: .certify)
        guard certificate == nil || !members.contains(.samples) else {
            throw members.fault(.samples, "found beside certify, expected selection and estimation there")
        }
        components = try members.decodeIfPresent([String].self, forKey: .components) ?? Defaults.components
        for (index, name) in components.enumerated() {
            guard NoiseStatistic(rawValue: name) != nil else {
                let known = NoiseStatistic.allCases.map(\.rawValue).joined(separator: ", ")
                throw members.fault(.components, "found \(name), expected one of \(known)")
            }
            guard !components[..<index].contains(name) else {
                throw members.fault(.components, "found \(name) twice, expected it once")
            }
        }
        guard !components.isEmpty else {
            throw members.fault(.components, "found none, expected one component or more")
        }
    }
}

/// `{ alpha: 0.001, selection: 32, estimation: 128 }`
struct CertificateSettings: Decodable {
    let alpha: Double
    let selection: Int
    let estimation: Int

    private enum CodingKeys: String, CodingKey {
        case alpha, selection, estimation
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        alpha = try members.decodeIfPresent(Double.self, forKey: .alpha) ?? Defaults.alpha
        guard (1e-9...0.5).contains(alpha) else {
            throw members.fault(.alpha, "found \(alpha), expected a number from 1e-09 to 0.5")
        }
        selection = try members.decodeIfPresent(Int.self, forKey: .selection) ?? Defaults.selection
        estimation = try members.decodeIfPresent(Int.self, forKey: .estimation) ?? Defaults.estimation
        for (key, count) in [(CodingKeys.selection, selection), (.estimation, estimation)] {
            guard (1...Settings.copyLimit).contains(count) else {
                throw members.fault(key, "found \(count), expected an integer from 1 to \(Settings.copyLimit)")
            }
        }
        guard selection + estimation <= Settings.copyLimit else {
            throw members.fault(
                .estimation,
                "found \(selection) and \(estimation) copies, expected \(Settings.copyLimit) at most together"
            )
        }
    }
}
