#!/usr/bin/env bash
# Builds everything once, in release: the executables, the plugins and the tests share one build folder.
#   build.sh [--tests]    prints the folder of the products on its last line
set -euo pipefail
cd "$(dirname "$0")/.."

flags=(-c release --disable-testable-imports)
# Building with tests costs more, and reuses every object of a build without them.
[[ ${1:-} != --tests ]] || flags+=(--build-tests)
swift build "${flags[@]}" >&2
swift build -c release --show-bin-path
