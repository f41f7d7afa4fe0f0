#!/usr/bin/env bash
# Runs obstore and deltalake with the options that `driverc emit object-store` writes, and with
# options that `driverc verify object-store` rejects. Counts the requests at a server that always
# answers 503, and measures the backoffs between them.
# Needs Rust, and Python 3 with `venv`. `pip` downloads both once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=target/object-store
source .ci/python.sh
install_packages "$environment" .ci/targets/object-store-requirements.txt
cargo build --quiet --locked
# The crate prints its panics, which are expected.
"$environment/bin/python" -B .ci/targets/object-store.py target/debug/driverc \
  2> >(grep --invert-match --regexp 'panicked at' --regexp '^cannot sample' --regexp 'has crashed' \
    --regexp '^note: ' --regexp '^$' --regexp '^stack backtrace' >&2)
