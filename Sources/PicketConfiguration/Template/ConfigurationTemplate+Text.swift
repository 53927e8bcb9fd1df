extension ConfigurationTemplate {
    /// The whole file.
    public var text: String {
        [Self.head, listenText, modelText, chainText, restText].joined(separator: "\n")
    }

    private static let head = """
        # Configuration of picketd. Paths are relative to this file. Unknown keys are errors.
        # Check it with: picketd --config THIS-FILE --check

        """

    private var listenText: String {
        """
        # Sockets that requests arrive on (Open Inference Protocol v2 over HTTP/1.1).
        listen:
          - unix: \(Self.quoted(socket))
            # Or a socket that systemd hands over, by its FileDescriptorName=:
            # - systemd: picket
            # Permissions of the socket file, octal. Default: "0660".
            mode: "0660"
            # Who may send requests, as the kernel tells it. Empty lists (the default): whoever can open the socket.
            allow: { users: [], groups: [] }

        """
    }

    private var modelText: String {
        """
        models:
            # The name in the URL: /v2/models/NAME/infer
          - name: \(Self.quoted(modelName))
            # The ONNX file.
            file: \(Self.quoted(modelFile))
            # false: a member of an ensemble only, never asked by clients. Default: true.
            serve: true
            # How it multiplies: float32 (the default), or bfloat16: faster on CPUs with AVX512_BF16, refused on others, and
            # another model: calibrate again.
            precision: float32
            # What clients send, and what a picture is behind it.
            input:
              # image, or tensor where there is no picture (only detectors that need none).
              kind: image
              # NCHW (channels first, the default) or NHWC.
              layout: \(layout.rawValue)
              # Smallest and largest value of a pixel.
              range: [\(Self.number(range.lowerBound)), \(Self.number(range.upperBound))]
              # 8bit: rows are snapped to the 256 levels of an 8-bit picture before anything sees them.
              # none (the default): rows are taken as they come.
              grid: \(grid.rawValue)
              # What the model wants subtracted and divided, per channel or one for all, in units of range:
              # mean: [0.5]
              # std: [0.5]
              # Who does that. pixels (the default): Picket. normalised: clients did; Picket undoes it for its transforms.
              sent: pixels
            # logits, probabilities, or tensor where there are no classes.
            output: { kind: \(output.rawValue) }

        """
    }

    private var chainText: String {
        let detectors = detectors.map { detector in
            """
                  # \(Printable.text(detector.remark, limit: 110))
                  - plugin: \(Self.quoted(detector.plugin))
                    config: \(detector.settings)
            """
        }
        return """
            chains:
                # A served model. Each has one chain.
              - model: \(Self.quoted(modelName))
                # monitor (the default): log, never reject. enforce: reject what is flagged.
                mode: monitor
                # How often a clean row may be flagged, by the whole chain together; at most 0.5. Default: 0.01.
                false-positive-rate: 0.01
                # row (the default), or request: each of a request's n rows is held to rate / n.
                rate-per: row
                # With what probability, over the draw of the calibration data, that rate is kept. 0: on average only.
                # Default: 0.95.
                confidence: 0.95
                # true: the rate holds among the rows of each predicted class, and not only among all. Every class then
                # needs as many rows for p-values as all together did (59 at 5 %, 299 at 1 %, with confidence 0.95).
                class-conditional: false
                # How the detectors' findings become one score: two-level (the default), one-level, two-level-max, max, min-p
                # or fisher. A calibration is of one method; with another, calibrate again.
                method: two-level
                # How likely, at most, drift_suspected is ever said of inputs that are still like the calibration's; or off.
                drift-level: 0.001
                # In enforce. reject-request (the default): 403 and no output. withhold-rows: flagged rows become NaN.
                on-flag: reject-request
                # In enforce, when a detector fails. closed (the default): reject. open: answer, and log the failure.
                on-failure: closed
                # What a reply tells its sender of the guard: none, verdict or score. Every bit helps an attacker.
                # Default: verdict in enforce, none in monitor.
                # disclose: none
                # Written by picket calibrate, and bound to this model and these detectors.
                calibration: \(Self.quoted(calibration))
                # The detectors, each a shared library libpicket-PLUGIN.so. Two of one plugin need a name each (name: …).
                # weight: what one's evidence counts beside the others', from 0.001 to 1000. Default: 1.
                detectors:
            \(detectors.joined(separator: "\n"))

            """
    }

    private var restText: String {
        let limits = LimitSettings()
        return """
            # Where plugins are loaded from, in this order and nowhere else. Default: [\(PluginSettings.packagedDirectory)].
            plugins: { directories: [\(pluginDirectories.map(Self.quoted).joined(separator: ", "))] }

            # Where events go.
            events:
              # To the journal, with structured fields. Default: true.
              journal: true
              # To a file of JSON lines. Default: none.
              # file: events.jsonl
              # Most events that one sender can cause; the rest of a burst is counted in one event. Default: 20/s.
              per-peer: 20/s

            # The key of the detectors' random draws: a file of 32 bytes. Default: drawn at start.
            # randomness: { key: picket.key }

            # Threads of the inference core. Default: the CPUs that the daemon may use.
            # compute: { threads: 2 }

            # What is refused before memory is spent on it: bytes of a request (default 64MiB, at most
            # 1GiB), rows waiting (default \(limits.queue)), and the time from a request's last byte to its answer
            # (default 2s).
            limits: { request-bytes: 64MiB, queue: \(limits.queue), deadline: 2s }

            # trace, debug, info (the default), notice, warning, error or critical.
            log-level: info

            """
    }

    /// Any text as a YAML scalar; JSON's escapes are a subset of YAML's. What is plainly a word stays unquoted.
    private static func quoted(_ text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                true
            default:
                false
            }
        }
        let startsAsWord = text.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "/" } ?? false
        guard isWord, startsAsWord, case .string = CoreScalar(plain: text) else { return CanonicalJSON.string(text) }
        return text
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? value.description
    }
}
