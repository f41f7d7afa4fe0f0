#!/usr/bin/env bash
# Runs gRPC with the service configs that `driverc emit grpc` writes, and with files that
# `driverc verify grpc` rejects. Counts the attempts of a client at a server that always fails, and
# measures the backoffs between them.
# Needs Rust, and Python 3 with `venv`. `pip` downloads gRPC once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=target/grpc
requirements=.ci/targets/grpc-requirements.txt
if ! cmp --quiet "$requirements" "$environment/requirements.txt"; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$environment/requirements.txt"
fi
cargo build --quiet --locked
"$environment/bin/python" .ci/targets/grpc.py target/debug/driverc
