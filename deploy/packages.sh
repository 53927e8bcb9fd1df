#!/usr/bin/env bash
# Installs the Debian packages that Picket needs and this machine lacks. Works as root or with sudo, and without a
# network once the packages are there.
#
#   packages.sh build     what a build links against
#   packages.sh demo      build, and what the demonstration's client uses
#   packages.sh test      demo, and what tests use beside it
set -euo pipefail

build=(libsystemd-dev libssl-dev libturbojpeg0-dev libpng-dev libsimdjson-dev libzip-dev pkg-config g++)
demo=(curl)
test=(gcc python3-venv libonnx-testdata qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross)

case ${1:-} in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${build[@]}" "${demo[@]}") ;;
  test) wanted=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
  *) echo "usage: packages.sh build|demo|test" >&2; exit 64 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
((${#missing[@]})) || exit 0

run=()
((EUID == 0)) || run=(sudo)
echo "installing: ${missing[*]}"
# An old package list may name versions that the mirror no longer has.
"${run[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
