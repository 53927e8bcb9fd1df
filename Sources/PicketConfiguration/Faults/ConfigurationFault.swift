/// A place in a configuration file.
public struct SourceLocation: Hashable, Sendable {
    /// Line, starting from 1.
    public var line: Int
    /// Column in Unicode scalars, starting from 1.
    public var column: Int
    /// Path of the key, such as `chains[0].detectors[1].plugin`; empty: the file as a whole.
    public var key: String

    public init(line: Int, column: Int, key: String) {
        self.line = line
        self.column = column
        self.key = key
    }
}

/// One thing that is wrong with a configuration: where, what stands there, and what was expected.
///
/// Whoever finds a fault later (a model file that does not load, a calibration that does not match) makes one from the
/// location that every part of a ``Configuration`` carries, so that all of them read alike.
public struct ConfigurationFault: Error, Hashable, Sendable {
    public var file: String
    public var location: SourceLocation
    /// What stands there, made printable and cut to a bounded length.
    public var value: String
    /// What was expected instead, as the end of a sentence that begins with "expected".
    public var expected: String

    /// - Parameter valueLimit: characters of the value that are printed; words of the file need few, reasons found later
    ///   (two SHA-256 digests, a path) many.
    public init(
        file: String,
        location: SourceLocation,
        value: String,
        expected: String,
        valueLimit: Int = 80
    ) {
        self.file = file
        self.location = location
        self.value = Printable.text(value, limit: valueLimit)
        self.expected = expected
    }
}

extension ConfigurationFault: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: key.path: value: expected …`, one line whatever the file holds.
    public var description: String {
        let place = "\(Printable.text(file, limit: 4096)):\(location.line):\(location.column)"
        return "\(place): \(location.key.isEmpty ? "file" : location.key): \(value): expected \(expected)"
    }
}

/// Every fault of one configuration, in the order of the file; never empty.
public struct ConfigurationFaults: Error, Hashable, Sendable, CustomStringConvertible {
    public var faults: [ConfigurationFault]

    public init(_ faults: [ConfigurationFault]) {
        precondition(!faults.isEmpty, "an error without a fault says nothing")
        self.faults = faults
    }

    /// One line per fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
