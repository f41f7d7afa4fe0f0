#!/usr/bin/env bash
# Checks that `deny.toml` allows the licences, sources and versions of all dependencies.
# Installs cargo-deny once, without optimizations, because a run takes only a second.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.20.2
root=target/deny

if [[ $("$root/bin/cargo-deny" --version 2> /dev/null) != "cargo-deny $version" ]]; then
  cargo install cargo-deny --version "$version" --locked --debug --no-default-features \
    --root "$root" --target-dir "$root/build"
  rm -r "$root/build"
fi

# cargo-deny checks all platforms, so it needs the crates of all platforms.
cargo fetch --locked
"$root/bin/cargo-deny" --offline check bans licenses sources
