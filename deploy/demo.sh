#!/usr/bin/env bash
# Real images through a real guard: builds Picket, starts picketd in front of the Fashion-MNIST classifier on a socket in
# a temporary folder, sends it clean and adversarial images, and prints what became of them.
set -euo pipefail
umask 022   # plugins that others could write are refused
root=$(cd "$(dirname "$0")/.." && pwd)
example=$root/Examples/fashion-mnist

"$root/deploy/packages.sh" demo
bin=$("$root/deploy/build.sh" | tail -n 1)

work=$(mktemp -d)
daemon=
finish() {
  status=$?
  trap - EXIT
  if [[ $daemon ]] && kill -0 "$daemon" 2>/dev/null; then kill -TERM "$daemon"; wait "$daemon" || true; fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

socket=$work/picket.sock
# Plugins are loaded only from where nobody but root and this user can write, which a checkout need not be.
install -d -m 755 "$work/plugins"
install -m 755 "$bin"/libpicket-*.so "$work/plugins"
"$bin/picketd" --config "$example/picket.yaml" --socket "$socket" --plugins "$work/plugins" --events "$work/events.jsonl" \
  2>"$work/log" &
daemon=$!
ready() { curl --silent --fail --output /dev/null --unix-socket "$socket" http://localhost/v2/health/ready; }
for _ in {1..100}; do
  ready && break
  kill -0 "$daemon" 2>/dev/null || break
  sleep 0.1
done
ready || { echo "picketd did not become ready:" >&2; cat "$work/log" >&2; exit 1; }

echo
echo "Every image is a request of its own; \`passed\` and \`flagged\` are the daemon's verdicts in mode enforce."
echo
inputs=(--input "$example/data/clean-test.npz")
for set in "$example"/data/adversarial/*.npz; do inputs+=(--input "$set"); done
"$bin/picket" classify --socket "$socket" --model fashion --summary "${inputs[@]}"

echo
echo "Flagged events in the daemon's log: $(grep -c '"event":"flagged"' "$work/events.jsonl"), and the rest of each burst"
echo "counted (events.per-peer). The last three:"
grep '"event":"flagged"' "$work/events.jsonl" | tail -n 3

echo
kill -TERM "$daemon"
wait "$daemon"
daemon=
echo "picketd stopped cleanly."
