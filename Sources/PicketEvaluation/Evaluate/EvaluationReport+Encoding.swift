// Every key of the contract is written, with null where there is nothing to say: readers find them all.

extension EvaluationReport.Clean {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(n, forKey: .n)
        try container.encode(flagged, forKey: .flagged)
        try container.encode(fpr, forKey: .fpr)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(accuracyKept, forKey: .accuracyKept)
        try container.encode(failed, forKey: .failed)
    }
}

extension EvaluationReport.AttackSet {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(n, forKey: .n)
        try container.encode(successful, forKey: .successful)
        try container.encode(detected, forKey: .detected)
        try container.encode(detectionRate, forKey: .detectionRate)
        try container.encode(auc, forKey: .auc)
        try container.encode(accuracyKept, forKey: .accuracyKept)
    }
}

extension EvaluationReport.Detector.AttackSet {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(detectionRate, forKey: .detectionRate)
        try container.encode(auc, forKey: .auc)
    }
}
