#!/usr/bin/env bash
# Runs gRPC with the service configs that `driverc emit grpc` writes, and with files that
# `driverc verify grpc` rejects. Counts the attempts of a client at a server that always fails, and
# measures the backoffs between them.
# Needs Rust, and Python 3 with `venv`. `pip` downloads gRPC once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=target/grpc
source .ci/python.sh
install_packages "$environment" .ci/targets/grpc-requirements.txt
cargo build --quiet --locked
"$environment/bin/python" -B .ci/targets/grpc.py target/debug/driverc
