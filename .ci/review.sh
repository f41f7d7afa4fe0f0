#!/usr/bin/env bash
# Tests the comments of the action on pull requests, with real commits and a fake host.
# Needs git, Rust, and Python 3.9 or newer with `venv`. Installs `.ci/security-requirements.txt`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=target/security
source .ci/python.sh
install_packages "$tools" .ci/security-requirements.txt
cargo build --locked --quiet
lines=$(wc -l < .ci/comments.py)
if [[ $lines -gt 120 ]]; then
  printf '.ci/comments.py has %s lines, more than 120\n' "$lines"
  exit 1
fi
exec "$tools/bin/python" .ci/review.py "${CARGO_TARGET_DIR:-target}/debug/driverc" "$@"
