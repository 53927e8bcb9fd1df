#!/usr/bin/env bash
# Installs what tests need and runs all of them, in a release build: a debug build runs models a hundred times slower.
set -euo pipefail
cd "$(dirname "$0")/.."

deploy/packages.sh test
deploy/build.sh --tests >/dev/null
swift test -c release --disable-testable-imports --skip-build "$@"
