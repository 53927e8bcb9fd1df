import PicketPluginSDK
import PicketTransforms

/// One temperature a model, the served one first; and how they are written.
struct Temperatures {
    static let range = 0.25...8.0

    /// 1 / temperature.
    let sharpness: [Double]

    init(_ temperatures: [Double]) {
        sharpness = temperatures.map { 1 / $0 }
    }

    /// Reads a state: `{"temperatures":[1.25,0.9]}`; nothing at all means that all are 1.
    ///
    /// - Throws: ``DetectorFault/invalid(_:)`` for any other bytes.
    init(state: [UInt8], count: Int) throws {
        guard !state.isEmpty else {
            self.init([Double](repeating: 1, count: count))
            return
        }
        guard let text = String(validating: state, as: UTF8.self) else {
            throw DetectorFault.invalid("state: found \(state.count) bytes that are no text, expected JSON")
        }
        let stored: Stored
        do {
            stored = try Configuration(json: text).decoded(as: Stored.self)
        } catch {
            throw DetectorFault.invalid("state: \(error)")
        }
        guard stored.temperatures.count == count else {
            throw DetectorFault.invalid(
                "state: found \(stored.temperatures.count) temperatures, expected \(count), one a model"
            )
        }
        for (index, temperature) in stored.temperatures.enumerated() where !Temperatures.range.contains(temperature) {
            throw DetectorFault.invalid(
                "state: temperatures[\(index)]: found \(temperature), expected a number from 0.25 to 8"
            )
        }
        self.init(stored.temperatures)
    }

    static func state(_ temperatures: [Double]) -> [UInt8] {
        Array("{\"temperatures\":[\(temperatures.map { "\($0)" }.joined(separator: ","))]}".utf8)
    }

    private struct Stored: Decodable {
        let temperatures: [Double]
    }
}
