#!/usr/bin/env bash
# Compiles the programs in `examples/` without warnings, and measures their limits: the pools of sqlx
# and deadpool at a private PostgreSQL, and the client of ClickHouse at a server that never answers.
# Needs Rust with rustfmt, and root or `sudo` if PostgreSQL is missing. cargo downloads the clients
# once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

source .ci/database.sh
install_database initdb postgresql

export CARGO_TARGET_DIR=$PWD/target/examples RUSTFLAGS='-D warnings'
cargo fmt --manifest-path examples/Cargo.toml --all --check
cargo test --quiet --locked --manifest-path examples/Cargo.toml --workspace --no-run

work=$(mktemp -d /tmp/driverc-examples.XXXXXX)
finish() {
  stop_database
  rm -rf "$work"
}
trap finish EXIT
chmod a+rx "$work"
start_database "$work" app -c "listen_addresses=''"

export DATABASE_URL="postgresql://app@${work//\//%2F}/postgres"
cargo test --quiet --locked --manifest-path examples/Cargo.toml --workspace
# The programs that users copy.
for program in sqlx deadpool; do
  cargo run --quiet --locked --manifest-path examples/Cargo.toml --package "driverc-$program"
done
