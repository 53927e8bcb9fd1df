#!/bin/sh
# Generates Sources/PicketSchemas/*.pb.swift from the definitions in this folder. Run by hand after a change of either;
# what it writes is committed, so that no build needs it.
#
#   generate.sh [PATH OF protoc-gen-swift]
#
# Needs Debian's protobuf-compiler. Without a path, builds protoc-gen-swift 1.39.0 from its sources into a temporary
# folder (about a minute).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
plugin=${1:-}

if [ -z "$plugin" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    git clone --quiet --depth 1 --branch 1.39.0 https://github.com/apple/swift-protobuf "$work/swift-protobuf"
    swift build --package-path "$work/swift-protobuf" -c release --product protoc-gen-swift
    plugin="$work/swift-protobuf/.build/release/protoc-gen-swift"
fi

protoc --plugin=protoc-gen-swift="$plugin" --proto_path="$here" \
    --swift_opt=Visibility=Public --swift_opt=UseAccessLevelOnImports=true \
    --swift_out="$here/.." "$here/onnx.proto"
