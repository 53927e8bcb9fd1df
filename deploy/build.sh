#!/usr/bin/env bash
# Builds the executables and the plugins, in release. Prints the folder of the products on its last line.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release >&2
swift build -c release --show-bin-path
