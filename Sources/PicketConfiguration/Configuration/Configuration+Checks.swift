// What holds between parts of a configuration.

extension Configuration {
    func checkListeners(_ faults: FaultLog) {
        var seen: Set<String> = []
        for listener in listen {
            let name: String
            switch listener.endpoint {
            case .unix(let path, _): name = path.resolved
            case .systemd(let socket): name = "systemd: \(socket)"
            }
            if !seen.insert(name).inserted {
                faults.add(listener.location, value: name, expected: "a socket that is listed once")
            }
        }
    }

    func checkModels(_ faults: FaultLog) {
        var seen: Set<String> = []
        for model in models where !seen.insert(model.name).inserted {
            faults.add(model.location, value: model.name, expected: "a model name that is used once")
        }
    }

    func checkChains(_ faults: FaultLog) {
        var guarded: Set<String> = []
        let served = models.filter(\.serve)
        let names = served.map(\.name).joined(separator: ", ")
        for chain in chains {
            if !served.contains(where: { $0.name == chain.model }) {
                faults.add(
                    chain.location(of: "model"),
                    value: chain.model,
                    expected: names.isEmpty ? "a served model, but there is none" : "a served model: \(names)"
                )
            } else if !guarded.insert(chain.model).inserted {
                faults.add(chain.location(of: "model"), value: chain.model, expected: "one chain per model")
            }
        }
        for model in served where !guarded.contains(model.name) {
            faults.add(model.location, value: model.name, expected: "a chain for it, or serve: false")
        }
        let calibrations = Dictionary(grouping: chains, by: \.calibration.resolved)
        for chain in chains {
            guard let same = calibrations[chain.calibration.resolved], same.count > 1, same[0] != chain else {
                continue
            }
            faults.add(
                chain.calibration.location,
                value: chain.calibration.written,
                expected: "a calibration file of its own, not that of \(same[0].model)"
            )
        }
    }
}

extension Chain {
    fileprivate func location(of key: String) -> SourceLocation {
        SourceLocation(line: location.line, column: location.column, key: "\(location.key).\(key)")
    }
}
