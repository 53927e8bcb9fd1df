"""Writes the node cases of opset 18 to 21 of PyPI's onnx in the layout of Debian's libonnx-testdata.

    generate.py FOLDER

FOLDER/node-18-21/<case>/model.onnx and test_data_set_0/{input,output}_<n>.pb. Cases of older opsets are in Debian's
package, those of newer ones are not what the core covers.
"""

import shutil
import sys
import warnings
from pathlib import Path

import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

OPSETS = range(18, 22)


def proto(value, kind):
    """The value of an input or output as the message of its declared type."""
    if isinstance(value, onnx.TensorProto):
        return value
    if kind.HasField("sequence_type"):
        return numpy_helper.from_list(value)
    if kind.HasField("optional_type"):
        return numpy_helper.from_optional(value)
    return numpy_helper.from_array(value)


def write(case, folder):
    data = folder / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(case.model, folder / "model.onnx")
    (inputs, outputs) = case.data_sets[0]
    for role, values, infos in (("input", inputs, case.model.graph.input), ("output", outputs, case.model.graph.output)):
        for index, (value, info) in enumerate(zip(values, infos, strict=True)):
            message = proto(value, info.type)
            message.name = info.name
            (data / f"{role}_{index}.pb").write_bytes(message.SerializeToString())


def main():
    target = Path(sys.argv[1]) / "node-18-21"
    warnings.simplefilter("ignore")
    shutil.rmtree(target, ignore_errors=True)
    unfinished = target.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    count = 0
    for case in collect_testcases(None):
        versions = [item.version for item in case.model.opset_import if item.domain in ("", "ai.onnx")]
        if versions and versions[0] in OPSETS:
            write(case, unfinished / case.name)
            count += 1
    unfinished.rename(target)
    print(f"{count} cases in {target}")


if __name__ == "__main__":
    main()
