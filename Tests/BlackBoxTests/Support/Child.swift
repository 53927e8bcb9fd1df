import Foundation

/// How a process ended.
struct Finished: CustomStringConvertible {
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let end: End
    let output: String
    let errors: String
    /// Its largest resident set, in bytes.
    let peakBytes: Int

    /// The exit code; nil where a signal ended the process.
    var code: Int32? {
        if case .exited(let code) = end { code } else { nil }
    }

    var description: String { "\(end)\n\(output.prefix(2000))\n\(errors.prefix(2000))" }
}

/// A process that a test started.
final class Child {
    private(set) var pid: pid_t = 0
    private var finished: Finished?
    private let outputPath: String
    private let errorsPath: String
    private var seenPeak = 0

    /// Starts `path` in `folder`, its output going to files there.
    ///
    /// - Parameter environment: what it has beside the tests' own.
    init(_ path: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        let name = "\(folder)/.\(URL(filePath: path).lastPathComponent)-\(UInt32.random(in: 0...UInt32.max))"
        outputPath = name + ".out"
        errorsPath = name + ".err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, writing, 0o600)
        // What other tests have open is not the child's.
        for descriptor in Int32(3)..<512 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A dispatch queue's thread blocks signals, and children inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var variables = ProcessInfo.processInfo.environment
        variables["NOTIFY_SOCKET"] = nil
        variables["WATCHDOG_USEC"] = nil
        // A crash is to show as its signal at once, not after a minute of symbolising it.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables.merge(environment) { $1 }
        // env enters the folder and becomes the executable.
        let code = Child.withPointers(["env", "-C", folder, path] + arguments) { argv in
            Child.withPointers(variables.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw Unusable("\(path): \(String(cString: strerror(code)))") }
    }

    deinit {
        guard finished == nil, pid > 0 else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Runs to the end.
    static func run(
        _ path: String,
        _ arguments: [String],
        in folder: String,
        environment: [String: String] = [:]
    ) throws -> Finished {
        try Child(path, arguments, in: folder, environment: environment).wait()
    }

    func signal(_ number: Int32) {
        if finished == nil { kill(pid, number) }
    }

    /// What it has written to stderr so far.
    var errors: String { Child.text(errorsPath) }

    /// Waits for the end. Who has not ended by then hangs, and is ended.
    func wait(seconds: Double = 120) throws -> Finished {
        let clock = ContinuousClock()
        let latest = clock.now + .seconds(seconds)
        while true {
            if let finished = poll() { return finished }
            guard clock.now < latest else {
                kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
                finished = Finished(end: .killed(signal: SIGKILL), output: "", errors: errors, peakBytes: seenPeak)
                throw Unusable("process \(pid) did not end within \(seconds) s: \(errors)")
            }
            usleep(1000)
        }
    }

    /// The process's end, where it has come.
    func poll() -> Finished? {
        if let finished { return finished }
        seenPeak = max(seenPeak, Child.peak(of: "\(pid)"))
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &status, WNOHANG, &usage) == pid else { return nil }
        // The kernel counts what this process had resident into a child's figure when the child takes over its own
        // memory; where ours is the larger one, what was seen last stands.
        let counted = usage.ru_maxrss * 1024
        let ended = Finished(
            end: status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: status & 0x7f),
            output: Child.text(outputPath),
            errors: errors,
            peakBytes: counted > Child.peak(of: "self") ? counted : seenPeak
        )
        finished = ended
        unlink(outputPath)
        unlink(errorsPath)
        return ended
    }

    /// A process's largest resident set so far, in bytes; 0 where it is gone.
    static func peak(of process: String) -> Int {
        let line = text("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Lends the texts as C wants them.
    private static func withPointers<R>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
