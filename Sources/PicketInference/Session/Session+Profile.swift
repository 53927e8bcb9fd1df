extension Session {
    /// The time that each step of a pass takes on the calling thread alone, in the plan's order.
    ///
    /// The inputs hold whatever the last pass left there.
    /// - Parameter repetitions: how often each step runs; the median of them counts.
    package func profile(
        rows: Int,
        repetitions: Int = 101
    ) throws(SessionFault) -> [(operatorName: String, time: Duration)] {
        guard let shapes = compiled.inputShapes(rows: rows) else {
            throw .noRows("its inputs leave extents open besides the batch")
        }
        let plan = try plan(shapes)
        try executeWrapped(plan)
        let clock = ContinuousClock()
        return plan.steps.map { step in
            let times = (0..<max(repetitions, 1)).map { _ in
                // A step that fails has failed in the pass before.
                clock.measure { try? step.body(spaces[0], 0..<step.units) }
            }
            return (step.operatorName, times.sorted()[times.count / 2])
        }
    }
}
