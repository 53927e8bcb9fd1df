/// Short names for data sets: the file's own name without its ending, told apart where two are alike.
package struct SetNames {
    /// In the order of the paths.
    package let unique: [String]

    package init(_ paths: [String]) {
        var taken: Set<String> = []
        unique = paths.map { path in
            let name = SetNames.short(path)
            var candidate = name
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(name)-\(number)"
                number += 1
            }
            return candidate
        }
    }

    /// The last part of a path, without `.npz`.
    package static func short(_ path: String) -> String {
        let base = path.split(separator: "/").last.map(String.init) ?? "set"
        return base.count > 4 && base.hasSuffix(".npz") ? String(base.dropLast(4)) : base
    }
}
