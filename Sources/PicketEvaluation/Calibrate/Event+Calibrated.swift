import Foundation
import Logging
import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketEvents

extension Event {
    /// A calibration that was written: what it promises, and the digests that it is bound to.
    init(calibrated file: CalibrationFile, at path: String) throws {
        self.init(.calibrated)
        model = file.model
        keyID = file.keyID
        count = file.counts.fit + file.counts.ranks + file.counts.pValues
        details = [
            "file": path,
            "file_sha256": try SHA256Digest(ofFile: path).hex,
            "chain_digest": file.chainDigest,
            "rate": "\(file.promise.rate)",
            "rate_per": file.promise.unit.rawValue,
            "confidence": "\(file.promise.confidence)",
            "guarantee": file.promise.guarantee.rawValue,
            "method": file.method.rawValue,
            "p_values": "\(file.counts.pValues)",
        ]
        for artifact in file.models { details["model \(artifact.name)"] = artifact.sha256 }
        for artifact in file.states { details["state of \(artifact.name)"] = artifact.sha256 }
    }
}

extension EventSettings {
    /// Tells the sinks that the daemon tells, as far as they are there: a file of events is the daemon's to make, or it
    /// would belong to whoever calibrates.
    func report(_ event: Event, logger: Logger) {
        if journal { _ = JournalSink().write([event]) }
        guard let file, FileManager.default.fileExists(atPath: file.resolved) else { return }
        let sink = JSONLinesSink(path: file.resolved)
        defer { sink.close() }
        if sink.write([event]).failed > 0 {
            logger.warning("the calibration is written, its event is not", metadata: ["file": "\(file.resolved)"])
        }
    }
}
