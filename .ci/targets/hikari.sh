#!/usr/bin/env bash
# Runs HikariCP in front of a private PostgreSQL with the files that `driverc emit hikari` writes, and
# with files that `driverc verify hikari` reports.
# Needs Rust and Python 3, and root or `sudo`: it installs PostgreSQL, Java and HikariCP from Debian's
# packages if they are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

source .ci/database.sh
install_database initdb postgresql
jars=(/usr/share/java/{HikariCP,slf4j-api,slf4j-nop,postgresql}.jar)
packages=(libhikaricp-java libslf4j-java libpostgresql-jdbc-java)
if ! command -v javac > /dev/null; then packages+=(default-jdk-headless); fi
if ! command -v javac > /dev/null || ! ls "${jars[@]}" > /dev/null 2>&1; then
  as_root apt-get update > /dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    "${packages[@]}" > /dev/null
fi

work=$(mktemp -d /tmp/driverc-hikari.XXXXXX)
finish() {
  stop_database
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
mkdir "$work/server" "$work/classes"
cargo build --quiet --locked
classpath=$(IFS=:; printf '%s' "${jars[*]}")
javac -cp "$classpath" -d "$work/classes" .ci/targets/Hikari.java

# A free port of this machine.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start_database "$work/server" app -c listen_addresses=127.0.0.1 -c "port=$port"
python3 -B .ci/targets/hikari.py target/debug/driverc "$work" "$classpath:$work/classes" "$port"
