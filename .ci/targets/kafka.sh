#!/usr/bin/env bash
# Runs librdkafka with the files that `driverc emit kafka` writes, and with files that
# `driverc verify kafka` rejects. Counts the attempts of a producer on a mock cluster with errors.
# Needs Rust, and Python 3 with `venv`. `pip` downloads librdkafka once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=target/kafka
source .ci/python.sh
install_packages "$environment" .ci/targets/kafka-requirements.txt
cargo build --quiet --locked
"$environment/bin/python" -B .ci/targets/kafka.py target/debug/driverc
