import Foundation
import Testing

/// Imports point down only: `Documentation/Architecture.md` says why, this test keeps it so.
@Suite struct ImportTests {
    /// Every module of ours and its layer. A module imports modules of lower layers only.
    static let layers: [String: Int] = [
        "CPicketABI": 0, "CPicketKernels": 0, "COpenSSL": 0, "CSystemd": 0, "CTurboJPEG": 0, "CPNG": 0, "CZip": 0,
        "CSIMDJSON": 0,
        "PicketTensor": 1, "PicketCrypto": 1, "PicketPluginSDK": 1, "PicketSchemas": 1,
        "PicketInference": 2, "PicketTransforms": 2, "PicketDetection": 2, "PicketProtocol": 2, "PicketEvents": 2,
        "PicketConfiguration": 2,
        "PicketRuntime": 3,
        "PicketServer": 4, "PicketEvaluation": 4,
        "picketd": 5, "picket": 5,
    ]

    /// What of ours each plugin may see: the public face and the shared pictures, no private door into the host.
    static let pluginDoors: Set<String> = ["PicketPluginSDK", "PicketTransforms"]

    /// Modules that no layer below the server may know: sockets and lifecycle.
    static let faceModules: Set<String> = ["NIOPosix", "ServiceLifecycle"]

    static func imports(of file: URL) throws -> [String] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|typealias)\s+)?(\w+)/
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap {
            $0.prefixMatch(of: pattern).map { String($0.1) }
        }
    }

    @Test func everyFolderHasALayer() throws {
        let folders = try Set(Repository.folders(in: "Sources"))
        #expect(folders == Set(ImportTests.layers.keys))
    }

    @Test(arguments: try Repository.folders(in: "Sources").filter { !$0.hasPrefix("C") })
    func importsPointDown(target: String) throws {
        let own = try #require(ImportTests.layers[target])
        for file in try Repository.swiftFiles(below: "Sources/\(target)") {
            for name in try ImportTests.imports(of: file) where name != target {
                if let layer = ImportTests.layers[name] {
                    #expect(
                        layer < own,
                        "\(file.lastPathComponent) of \(target) (layer \(own)) imports \(name) (layer \(layer))"
                    )
                }
                #expect(
                    own >= 4 || !ImportTests.faceModules.contains(name),
                    "\(file.lastPathComponent) imports \(name)"
                )
            }
        }
    }

    @Test func detectionDoesNotKnowTheCore() throws {
        for file in try Repository.swiftFiles(below: "Sources/PicketDetection") {
            #expect(try !ImportTests.imports(of: file).contains("PicketInference"), "\(file.lastPathComponent)")
        }
    }

    @Test func pluginsUseThePublicFaceAlone() throws {
        let folders = try Repository.folders(in: "Plugins")
        #expect(!folders.isEmpty)
        for folder in folders {
            for file in try Repository.swiftFiles(below: "Plugins/\(folder)") {
                for name in try ImportTests.imports(of: file) where ImportTests.layers[name] != nil {
                    #expect(
                        ImportTests.pluginDoors.contains(name),
                        "\(folder)/\(file.lastPathComponent) imports \(name)"
                    )
                }
            }
        }
    }
}
