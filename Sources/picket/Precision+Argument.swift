import ArgumentParser
import PicketInference

extension Precision: ExpressibleByArgument {}
