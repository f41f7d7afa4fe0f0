#!/usr/bin/env bash
# Compiles the modules that `driverc emit rust` writes, without warnings and without `std`, and
# compares their constants with the contracts. Also compiles modules that `driverc verify rust`
# rejects.
# Needs Rust with clippy and rustfmt, and Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cargo build --quiet --locked
python3 -B .ci/targets/rust.py target/debug/driverc
