#!/usr/bin/env bash
# Licences, sources and versions of everything that is built in, as `deny.toml` allows them.
# Installs cargo-deny for itself, once: unoptimized, since a run of it takes a second.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.20.2
root=target/deny

if [[ $("$root/bin/cargo-deny" --version 2> /dev/null) != "cargo-deny $version" ]]; then
  cargo install cargo-deny --version "$version" --locked --debug --no-default-features \
    --root "$root" --target-dir "$root/build"
  rm -r "$root/build"
fi

# All platforms are looked at, so their crates have to be there, too.
cargo fetch --locked
"$root/bin/cargo-deny" --offline check bans licenses sources
