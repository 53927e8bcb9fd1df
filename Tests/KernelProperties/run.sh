#!/usr/bin/env bash
# Property tests of all kernels as plain C.
#
#   run.sh native   every ISA level of this machine
#   run.sh neon     64-bit Arm, cross-compiled, under qemu-user
#
# Without an argument both. The picture kernels' digest must be the same on all of them.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=("${@:-native}")
(($#)) || wanted=(native neon)
kernels=Sources/CPicketKernels tests=Tests/KernelProperties
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The toolchain's own clang: kernels are written in its vectors.
build() {
  local program=$1
  shift
  local objects=$folder/$(basename "$program").objects
  mkdir -p "$objects"
  find "$kernels" "$tests" -name '*.c' | xargs -P "$(nproc)" -I {} sh -c '
    source=$1 objects=$2
    shift 2
    clang "$@" -c "$source" -o "$objects/$(echo "$source" | tr / _).o"' \
    compile {} "$objects" -O2 -Wall -Wextra -Werror -I"$kernels/include" -I"$tests/include" "$@"
  clang "$@" "$objects"/*.o -static -lm -o "$program"
}

for name in "${wanted[@]}"; do
  case $name in
    native)
      build "$folder/native"
      "$folder/native" | tee "$folder/native.log" ;;
    neon)
      build "$folder/neon" --target=aarch64-linux-gnu
      # The portable level too: there it is compiled for another architecture.
      qemu-aarch64-static "$folder/neon" | tee "$folder/neon.log" ;;
    *) echo "usage: run.sh [native] [neon]" >&2; exit 64 ;;
  esac
done

digests=$(sed -n 's/.*digest //p' "$folder"/*.log | sort -u)
if (($(wc -l <<<"$digests") != 1)); then
  echo "the picture kernels differ between levels: $digests" >&2
  exit 1
fi
