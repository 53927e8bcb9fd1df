public import CPicketABI

/// The calls behind the table. Each checks the pointers it was given, so that a host's mistake is an error and no crash;
/// each pointer is used within the call only, as the ABI has it.
extension PluginTable {
    /// Makes a detector of a type; what an entry's `create` calls.
    public static func create<Plugin: Detector>(
        _ type: Plugin.Type,
        _ host: UnsafePointer<picket_host>?,
        _ configuration: picket_string,
        _ subject: UnsafePointer<picket_subject>?,
        _ state: picket_bytes,
        _ detector: UnsafeMutablePointer<OpaquePointer?>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error, otherErrors: DetectorFault.invalid) {
            guard let host, let subject, let detector else {
                throw DetectorFault.invalid("create needs a host, a subject, and a place for the detector")
            }
            let made = try Plugin(
                configuration: Configuration(json: String(configuration)),
                subject: Subject(subject.pointee),
                state: Array(UnsafeRawBufferPointer(start: state.data, count: state.data == nil ? 0 : state.length)),
                host: Host(host)
            )
            detector.pointee = DetectorBox(made).passedToHost()
        }
    }

    static func plan(
        _ detector: OpaquePointer?,
        _ planner: UnsafePointer<picket_planner>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error) {
            guard let planner else { throw DetectorFault.invalid("plan needs a planner") }
            try DetectorBox.borrowed(detector).detector.plan(Planner(planner))
        }
    }

    static func render(
        _ detector: OpaquePointer?,
        _ token: UInt64,
        _ source: UnsafePointer<picket_tensor>?,
        _ generator: UnsafePointer<picket_generator>?,
        _ destination: UnsafePointer<picket_mutable_tensor>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error) {
            guard let source, let destination else {
                throw DetectorFault.invalid("render needs a source and a destination")
            }
            let view = try TensorView(source.pointee)
            let room = try UnsafeMutableBufferPointer(destination.pointee)
            let detector = try DetectorBox.borrowed(detector).detector
            try view.withElements { source in
                var span = room.mutableSpan
                try detector.render(
                    token,
                    source: source,
                    shape: view.extents,
                    generator: Generator(generator),
                    into: &span
                )
            }
        }
    }

    static func score(
        _ detector: OpaquePointer?,
        _ evidence: UnsafePointer<picket_evidence>?,
        _ components: UnsafeMutablePointer<Double>?,
        _ count: Int,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error) {
            guard let evidence, let components else {
                throw DetectorFault.invalid("score needs evidence and a place for the components")
            }
            let room = UnsafeMutableBufferPointer(start: components, count: count)
            room.update(repeating: .nan)
            var span = room.mutableSpan
            try DetectorBox.borrowed(detector).detector.score(Evidence(evidence), into: &span)
        }
    }

    static func report(
        _ detector: OpaquePointer?,
        _ evidence: UnsafePointer<picket_evidence>?,
        _ facts: UnsafeMutablePointer<Double>?,
        _ factCount: Int,
        _ answer: UnsafeMutablePointer<Float>?,
        _ classCount: Int,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error) {
            guard let evidence, factCount >= 0, classCount >= 0, facts != nil || factCount == 0,
                answer != nil || classCount == 0
            else {
                throw DetectorFault.invalid("report needs evidence, and a place for the facts and the answer")
            }
            guard let reporter = try DetectorBox.borrowed(detector).detector as? any ReportingDetector else {
                throw DetectorFault.unsupported("this detector reports nothing")
            }
            let factRoom = UnsafeMutableBufferPointer(start: facts, count: factCount)
            let answerRoom = UnsafeMutableBufferPointer(start: answer, count: answer == nil ? 0 : classCount)
            factRoom.update(repeating: .nan)
            answerRoom.update(repeating: .nan)
            var factSpan = factRoom.mutableSpan
            var answerSpan = answerRoom.mutableSpan
            try reporter.report(Evidence(evidence), facts: &factSpan, answer: &answerSpan)
        }
    }

    static func fit(
        _ detector: OpaquePointer?,
        _ clean: UnsafePointer<picket_fit_set>?,
        _ sink: UnsafePointer<picket_state_sink>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        answeringHost(error) {
            guard let clean, let sink else { throw DetectorFault.invalid("fit needs clean rows and a sink") }
            guard let learner = try DetectorBox.borrowed(detector).detector as? any LearningDetector else {
                throw DetectorFault.unsupported("this detector does not learn")
            }
            try learner.fit(CleanRows(clean), into: StateSink(sink))
        }
    }
}
