/// Short names for data sets: the file's own name without its ending, told apart where two are alike.
package struct SetNames {
    /// Bytes of a name, so that file names made of it stay within 255.
    private static let byteLimit = 200

    /// In the order of the paths; each may stand in a file's name.
    package let unique: [String]

    package init(_ paths: [String]) {
        var taken: Set<String> = []
        unique = paths.map { path in
            let name = SetNames.short(path)
            var candidate = name
            var number = 2
            // Some file systems hold names for equal that differ in case alone.
            while !taken.insert(candidate.lowercased()).inserted {
                candidate = "\(name)-\(number)"
                number += 1
            }
            return candidate
        }
    }

    /// The last part of a path, without `.npz`; whatever is no visible character, or parts a path, is a `-`.
    package static func short(_ path: String) -> String {
        let base = path.split(separator: "/").last.map(String.init) ?? "set"
        let name = base.count > 4 && base.hasSuffix(".npz") ? String(base.dropLast(4)) : base
        var result = ""
        for character in name {
            let isPlain = character.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
                default: scalar != "/" && scalar != "\\"
                }
            }
            let next = isPlain ? String(character) : "-"
            if result.utf8.count + next.utf8.count > byteLimit { break }
            result += next
        }
        return result.allSatisfy { $0 == "." } ? "set" : result
    }
}
