#!/usr/bin/env bash
# Installs what tests need and runs all of them, in a release build: a debug build runs models a hundred times slower.
# Arguments go to `swift test`, such as `--filter RowFormTests`.
set -euo pipefail
umask 022   # plugins that others could write are refused
cd "$(dirname "$0")/.."

deploy/packages.sh test
# ONNX's newer conformance cases come from PyPI; without it their test says how many it did not run.
cases=${PICKET_CONFORMANCE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/picket/conformance}
[[ -d $cases/node-18-21 ]] || Tests/Cases/conformance/generate.sh "$cases" || echo "no conformance cases of opset 18 to 21"
# Whatever a test leaves behind, a killed daemon's folder say, goes with this one.
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# Tests look inside through `package` access, so that they share every object with `swift build -c release`.
swift build -c release
swift test -c release --disable-testable-imports "$@"
