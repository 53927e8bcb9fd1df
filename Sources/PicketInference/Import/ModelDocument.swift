internal import PicketSchemas
internal import SwiftProtobuf

/// A model file scanned and decoded, its versions checked: what import and inspection start from.
struct ModelDocument {
    /// Versions of the ONNX file format that are read: those with `opset_import` as it is today.
    static let irVersions: ClosedRange<Int64> = 3...14

    let file: MappedFile

    /// The model without its weights.
    let proto: Onnx_ModelProto

    /// The version of the standard operator set that the model imports.
    let opset: Int

    /// Domains that the model imports beside the standard one.
    let otherDomains: Set<String>

    /// Versions of the standard operator set that are read.
    static let opsets = 1...OperatorRegistry.standardOpsets.upperBound

    init(_ file: MappedFile, limits: ImportLimits) throws(ImportError) {
        self.file = file
        proto = try ModelDocument.decode(file, limits)
        guard ModelDocument.irVersions.contains(proto.irVersion) else {
            throw .model(
                reason: proto.hasIrVersion
                    ? "ir_version \(proto.irVersion), expected \(ModelDocument.irVersions.sentence)"
                    : "no ir_version: this is not an ONNX model"
            )
        }
        guard proto.hasGraph else { throw .model(reason: "the model has no graph") }
        let versions = try ModelDocument.versions(proto.opsetImport)
        guard let opset = versions[""] else {
            throw .model(reason: "the model imports no version of the standard operators")
        }
        let supported = ModelDocument.opsets
        guard let opset = Int(exactly: opset), supported.contains(opset) else {
            throw .model(reason: "opset \(opset), expected \(supported.lowerBound) to \(supported.upperBound)")
        }
        self.opset = opset
        otherDomains = Set(versions.keys.filter { !$0.isEmpty })
        for function in proto.functions where ModelDocument.standard(function.domain).isEmpty {
            throw .model(
                reason: "the model redefines the standard operator \(function.name.quotedForMessage), "
                    + "which is not supported"
            )
        }
    }

    /// The one name of the standard domain, which has two.
    static func standard(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

    private static func decode(_ file: MappedFile, _ limits: ImportLimits) throws(ImportError) -> Onnx_ModelProto {
        let skeleton: WireSkeleton
        do {
            skeleton = try file.withSpan { (bytes: Span<UInt8>) throws(WireFault) in
                try ModelScanner.scan(bytes, limits: limits)
            }
        } catch {
            throw .wire(error)
        }
        do {
            return try Onnx_ModelProto(serializedBytes: skeleton.bytes, partial: true)
        } catch {
            throw .model(reason: "the model cannot be decoded: \(error)")
        }
    }

    private static func versions(_ imports: [Onnx_OperatorSetIdProto]) throws(ImportError) -> [String: Int64] {
        var versions: [String: Int64] = [:]
        for item in imports {
            let domain = standard(item.domain)
            if let other = versions.updateValue(item.version, forKey: domain), other != item.version {
                let name = domain.isEmpty ? "the standard operators" : domain.quotedForMessage
                throw .model(reason: "the model imports versions \(other) and \(item.version) of \(name)")
            }
        }
        return versions
    }
}

extension ClosedRange<Int64> {
    /// The range in words.
    fileprivate var sentence: String { "\(lowerBound) to \(upperBound)" }
}
