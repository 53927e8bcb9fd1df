import ArgumentParser
import Foundation
import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketEvaluation
import PicketInference
import PicketServer

/// Runs a command's work; what it throws goes to stderr, and becomes an exit code of sysexits.h.
func reporting(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let code as ExitCode {
        throw code
    } catch {
        FileHandle.standardError.write(Data(("picket: \(error)\n").utf8))
        throw ExitCode(exitCode(for: error))
    }
}

private func exitCode(for error: any Error) -> Int32 {
    switch error {
    case is ConfigurationFaults: EX_CONFIG
    case is UnknownModel, is RandomnessKeyFault: EX_USAGE
    case is ChainFault: EX_CONFIG
    case ImportError.file: EX_NOINPUT
    case let fault as DataSetFault: fault.isMissing ? EX_NOINPUT : EX_DATAERR
    case is ImportError, is ModelFault, is SessionFault, is CalibrationFault: EX_DATAERR
    case is OutputFault: EX_CANTCREAT
    case is ServiceFault, is InferenceClientError: EX_UNAVAILABLE
    default: EX_SOFTWARE
    }
}

/// A model file that is not one, by its path.
struct ModelFault: Error, CustomStringConvertible {
    let path: String
    let fault: ImportError

    var description: String { "\(path): \(fault)" }
}

/// Does what reads a model file; a fault of the file that does not name it comes out with its path.
func naming<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
    do {
        return try work()
    } catch let fault as ImportError {
        if case .file = fault { throw fault }
        throw ModelFault(path: path, fault: fault)
    }
}

/// A daemon that could not be asked, or refused.
struct ServiceFault: Error, CustomStringConvertible {
    let description: String
}
