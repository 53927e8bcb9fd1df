/// The faults found so far while one file is read.
///
/// Reading goes on after a fault, so that all of them are said at once; the number kept is bounded, since a damaged
/// file can hold one per line.
final class FaultLog {
    static let capacity = 100

    let file: String
    private var found: Set<ConfigurationFault> = []

    init(file: String) {
        self.file = file
    }

    func add(_ location: SourceLocation, value: String, expected: String) {
        add(ConfigurationFault(file: file, location: location, value: value, expected: expected))
    }

    func add(_ fault: ConfigurationFault) {
        guard !isFull else { return }
        found.insert(fault)
    }

    var isEmpty: Bool { found.isEmpty }

    /// Whether further faults would only cost time.
    var isFull: Bool { found.count >= Self.capacity }

    /// All faults in the order of the file.
    var sorted: [ConfigurationFault] {
        found.sorted {
            ($0.location.line, $0.location.column, $0.location.key, $0.expected)
                < ($1.location.line, $1.location.column, $1.location.key, $1.expected)
        }
    }
}
