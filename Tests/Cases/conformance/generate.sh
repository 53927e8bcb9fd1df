#!/usr/bin/env bash
# Makes the conformance cases of opset 18 to 21, which Debian's libonnx-testdata does not have, from PyPI's onnx:
# once, into the folder where the tests look for them.
#
#   generate.sh [FOLDER]     default: ${XDG_CACHE_HOME:-~/.cache}/picket/conformance; the tests take another one from
#                            PICKET_CONFORMANCE_CACHE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-${PICKET_CONFORMANCE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/picket/conformance}}
mkdir -p "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
"$folder/venv/bin/python" "$here/generate.py" "$folder"
