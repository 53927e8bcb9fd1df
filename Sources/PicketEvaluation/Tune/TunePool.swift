import PicketConfiguration
import PicketDetection
import PicketRuntime

/// The candidates of a guarded model, and chains of them.
struct TunePool {
    let pool: CandidatePool
    /// By variant, what its detector declares when all its candidates are in, in order.
    let components: [[String]]

    private let base: ChainSpecification
    /// By plugin, the loaded library.
    private let plugins: [String: Plugin]
    private let runner: any ModelRunner
    private let log: DetectorLog

    /// Takes a chain apart.
    ///
    /// - Parameters:
    ///   - configured: the chain's specification, which the pool's chains differ from in their detectors alone.
    ///   - grain: how far it is taken apart.
    ///   - skipsRefused: whether detectors that do not suit the model are left out; else they are a fault.
    /// - Throws: ``ChainFault`` where a detector refuses its settings.
    init(
        _ configured: ChainSpecification,
        grain: TuneRequest.Grain,
        skipsRefused: Bool,
        runner: any ModelRunner,
        log: @escaping DetectorLog
    ) throws(ChainFault) {
        var base = configured
        if skipsRefused {
            base.detectors = configured.detectors.filter { detector in
                var alone = configured
                alone.detectors = [detector]
                return (try? Chain(alone, runner: runner, log: { _, _, _ in })) != nil
            }
        }
        self.base = base
        self.runner = runner
        self.log = log
        plugins = Dictionary(base.detectors.map { ($0.plugin.name, $0.plugin) }) { first, _ in first }
        // A chain that can't be built is a fault of the configuration; what parts refuse later only shapes the pool.
        _ = try Chain(base, runner: runner, log: log)
        var pool = CandidatePool()
        for (entry, detector) in base.detectors.enumerated() {
            guard let settings = SettingsValue(text: detector.configuration) else {
                preconditionFailure("a configuration's settings are JSON")
            }
            pool.add(entry: entry, name: detector.name, plugin: detector.plugin.name, settings: settings) {
                [plugins, base] plugin, settings in
                guard let library = plugins[plugin] else { return nil }
                var alone = base
                alone.detectors = [
                    DetectorSpecification(name: "probe", plugin: library, configuration: settings.text)
                ]
                guard let chain = try? Chain(alone, runner: runner, log: { _, _, _ in }) else { return nil }
                return ProbedDetector(components: chain.detectors[0].components, passes: chain.rowsPerRow)
            }
        }
        if grain == .component { pool = pool.byComponent }
        self.pool = pool
        let everything = TunePool.specification(of: Set(pool.candidates.indices), pool, base, plugins)
        components = try Chain(everything, runner: runner, log: log).detectors.map(\.components)
    }

    /// Names of the detectors that were taken apart.
    var entryNames: [String] { base.detectors.map(\.name) }

    /// A chain of all candidates: what is evaluated once.
    var everything: ChainSpecification { specification(of: Set(pool.candidates.indices)) }

    /// A chain of some candidates.
    func specification(of choice: Set<Int>) -> ChainSpecification {
        TunePool.specification(of: choice, pool, base, plugins)
    }

    private static func specification(
        of choice: Set<Int>,
        _ pool: CandidatePool,
        _ base: ChainSpecification,
        _ plugins: [String: Plugin]
    ) -> ChainSpecification {
        var chain = base
        chain.detectors = pool.detectors(of: choice).compactMap { detector in
            let variant = pool.variants[detector.variant]
            return plugins[variant.plugin].map {
                DetectorSpecification(name: variant.name, plugin: $0, configuration: detector.settings.text)
            }
        }
        return chain
    }

    /// Passes of a request of one row; nil where the detectors refuse the choice.
    func passes(of choice: Set<Int>) -> Int? {
        try? Chain(specification(of: choice), runner: runner, log: { _, _, _ in }).rowsPerRow
    }
}
