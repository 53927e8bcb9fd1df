public import ArgumentParser
public import PicketInference

extension Precision: ExpressibleByArgument {}
