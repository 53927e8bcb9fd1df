import PicketConfiguration
import Testing

/// Every key of the contract reaches its field; every key left out has its documented default.
@Suite struct ContractTests {
    @Test func everyKeyReachesItsField() throws {
        let configuration = try Configuration.parse(
            try Cases.text("valid-complete"),
            file: "picket.yaml",
            directory: "/etc/picket"
        )
        guard case .unix(let socket, let permissions) = configuration.listen[0].endpoint else {
            Issue.record("the first socket is no Unix socket")
            return
        }
        #expect(socket.written == "run/picket.sock")
        #expect(socket.resolved == "/etc/picket/run/picket.sock")
        #expect(permissions == 0o600)
        let users = configuration.listen[0].allow.users
        guard case .name("www-data", _) = users[0], case .id(1000, let place) = users[1] else {
            Issue.record("the allowed users are \(users)")
            return
        }
        #expect(place.key == "listen[0].allow.users[1]")
        #expect(configuration.listen[1].endpoint == .systemd(name: "picket"))
        #expect(configuration.listen[1].allow.isEmpty)

        #expect(configuration.models.map(\.name) == ["fashion", "autoencoder", "fashion-b"])
        #expect(configuration.models.map(\.serve) == [true, true, false])
        #expect(configuration.models.map(\.precision) == [.float32, .float32, .bfloat16])
        #expect(configuration.models[0].file.resolved == "/etc/picket/models/fashion-cnn.onnx")
        #expect(
            configuration.models[0].input
                == .image(
                    ImageInput(
                        layout: .nhwc,
                        range: -1...1,
                        grid: .eightBit,
                        mean: [0.5, 0.25, 0],
                        standardDeviation: [0.5],
                        sent: .normalised
                    )
                )
        )
        #expect(configuration.models[0].output?.kind == .probabilities)
        #expect(configuration.models[1].input == .tensor)
        #expect(configuration.models[1].output?.kind == .tensor)
        #expect(configuration.models[2].input == nil)
        #expect(configuration.models[2].output == nil)

        let chain = try #require(configuration.chain(forModel: "fashion"))
        #expect(chain.mode == .enforce)
        #expect(chain.falsePositiveRate == 0.05)
        #expect(chain.ratePer == .request)
        #expect(chain.confidence == 0)
        #expect(chain.classConditional)
        #expect(chain.method == .minP)
        #expect(chain.driftLevel == 0.01)
        #expect(configuration.chain(forModel: "autoencoder")?.driftLevel == .some(nil))
        #expect(chain.onFlag == .withholdRows)
        #expect(chain.onFailure == .open)
        #expect(chain.disclose == .score)
        #expect(chain.calibration.resolved == "/etc/picket/calibration/fashion.json")
        #expect(chain.detectors.map(\.plugin) == ["feature-squeezing", "feature-squeezing", "ensemble-disagreement"])
        #expect(chain.detectors.map(\.name) == ["feature-squeezing", "squeeze-hard", "ensemble-disagreement"])
        #expect(chain.detectors[0].configuration == #"{"squeezers":[{"bit-depth":1},{"median":2}]}"#)
        #expect(chain.detectors[2].configuration == #"{"members":["fashion-b"]}"#)

        #expect(configuration.plugins.searchPath == ["/opt/picket/plugins", "/etc/picket/plugins"])
        #expect(!configuration.events.journal)
        #expect(configuration.events.file?.resolved == "/var/log/picket/events.jsonl")
        #expect(configuration.events.perPeer == Rate(count: 5, per: .seconds(60)))
        #expect(configuration.randomness.key?.resolved == "/run/credentials/picketd.service/key")
        #expect(configuration.compute.threads == 2)
        #expect(configuration.limits.requestBytes == 1 << 20)
        #expect(configuration.limits.queue == 64)
        #expect(configuration.limits.deadline == .milliseconds(500))
        #expect(configuration.logLevel == .debug)
    }

    @Test func everyKeyLeftOutHasItsDefault() throws {
        let configuration = try Configuration.parse(Cases.text())
        let path = ConfiguredPath(
            written: "picket.sock",
            resolved: "/picket.sock",
            location: SourceLocation(line: 1, column: 19, key: "listen[0].unix")
        )
        #expect(configuration.listen[0].endpoint == .unix(path, permissions: 0o660))
        #expect(configuration.listen[0].allow.isEmpty)
        #expect(configuration.models[0].serve)
        #expect(configuration.models[0].input == .image(ImageInput(range: 0...1)))
        let chain = configuration.chains[0]
        #expect(chain.mode == .monitor)
        #expect(chain.falsePositiveRate == 0.01)
        #expect(chain.ratePer == .row)
        #expect(chain.confidence == 0.95)
        #expect(!chain.classConditional)
        #expect(chain.method == .twoLevel)
        #expect(chain.driftLevel == 0.001)
        #expect(chain.onFlag == .rejectRequest)
        #expect(chain.onFailure == .closed)
        #expect(chain.detectors[0].configuration == "{}")
        #expect(configuration.plugins.searchPath == ["/usr/lib/picket/plugins"])
        #expect(configuration.events == EventSettings())
        #expect(configuration.events.journal)
        #expect(configuration.events.perPeer.perSecond == 20)
        #expect(configuration.randomness.key == nil)
        #expect(configuration.compute.threads == nil)
        #expect(configuration.limits.requestBytes == 67_108_864)
        #expect(configuration.limits.queue == 256)
        #expect(configuration.limits.deadline == .seconds(2))
        #expect(configuration.logLevel == .info)
    }

    @Test(arguments: [
        ("", Chain.Disclosure.none), ("mode: monitor", .none), ("mode: enforce", .verdict),
        ("{ mode: enforce, disclose: none }", .none), ("{ mode: monitor, disclose: score }", .score),
    ])
    func disclosureFollowsTheMode(keys: String, expected: Chain.Disclosure) throws {
        let flat = keys.split { "{},".contains($0) }.map { $0.trimmingPrefix(while: \.isWhitespace) }
        let chain = flat.joined(separator: "\n    ")
        let configuration = try Configuration.parse(Cases.text(chain: chain))
        #expect(configuration.chains[0].disclose == expected)
    }

    @Test func faultsFoundLaterReadAlike() throws {
        let configuration = try Configuration.parse(Cases.text(), file: "a.yaml")
        let fault = configuration.fault(
            at: configuration.models[0].file.location,
            value: "m.onnx",
            expected: "a file that exists"
        )
        #expect(fault.description == "a.yaml:3:22: models[0].file: m.onnx: expected a file that exists")
    }
}
