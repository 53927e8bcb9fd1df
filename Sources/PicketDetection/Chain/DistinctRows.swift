internal import PicketCrypto
internal import PicketTensor
internal import Synchronization

/// Which rows of a request are the same: each is evaluated once.
struct DistinctRows {
    /// The first row of each kind.
    private(set) var firsts: [Int] = []
    /// For each row of the request, its kind.
    private(set) var places: [Int] = []

    private var hasRepeats: Bool { firsts.count < places.count }

    init(_ digests: [SHA256Digest]) {
        var known: [SHA256Digest: Int] = [:]
        for (row, digest) in digests.enumerated() {
            if let place = known[digest] {
                places.append(place)
            } else {
                known[digest] = firsts.count
                places.append(firsts.count)
                firsts.append(row)
            }
        }
    }

    /// The first row of each kind, one below the other.
    func gather(_ rows: Tensor) -> Tensor {
        hasRepeats ? .concatenatingRows(firsts.map { rows.rows($0..<$0 + 1) }) : rows
    }

    /// From a row of each kind, the rows of the request.
    func spread(_ rows: Tensor) -> Tensor {
        hasRepeats ? .concatenatingRows(places.map { rows.rows($0..<$0 + 1) }) : rows
    }
}

/// A value for each row, written from any thread.
final class PerRow<Value: Sendable>: Sendable {
    private let values: Mutex<[Value?]>

    init(count: Int) {
        values = Mutex(Array(repeating: nil, count: count))
    }

    func set(_ value: Value, at row: Int) {
        values.withLock { $0[row] = value }
    }

    /// The values, once every row has one.
    func all() -> [Value] {
        values.withLock { values in
            values.map { value in
                guard let value else { preconditionFailure("the runner performs every index before it returns") }
                return value
            }
        }
    }
}
