import Foundation

/// CPUs that this process may use.
enum ProcessorCount {
    /// By the affinity mask, which systemd's `AllowedCPUs=` and `CPUAffinity=` narrow; 1 or more.
    static var usable: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }
}
