#!/usr/bin/env bash
# Runs PgBouncer in front of a private PostgreSQL with the files that `driverc emit pgbouncer`
# writes, and with files that `driverc verify pgbouncer` rejects.
# Needs Rust and Python 3, and root or `sudo`: it installs PostgreSQL if it is missing, and unpacks
# PgBouncer from Debian's packages without installing it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD

source .ci/database.sh
install_database initdb postgresql

packages=target/pgbouncer
if [[ ! -x $packages/usr/sbin/pgbouncer ]]; then
  mkdir -p "$packages"
  (
    cd "$packages"
    apt-get download pgbouncer libc-ares2 libevent-2.1-7 2> /dev/null > /dev/null
    for package in *.deb; do dpkg --extract "$package" .; done
  )
fi

work=$(mktemp -d /tmp/driverc-pgbouncer.XXXXXX)
finish() {
  stop_database
  rm -rf "$work"
}
trap finish EXIT
cp -r "$packages/usr" "$work/usr"
cp .ci/targets/{contracts,pgbouncer}.py "$work"
cargo build --quiet --locked
cp target/debug/driverc "$work"
chmod -R a+rX "$work"

start_database "$work" app -c "listen_addresses=''"
as_database "$work" env LD_LIBRARY_PATH="$(echo "$work"/usr/lib/*-linux-gnu)" PATH="$bin:$PATH" \
  python3 "$work/pgbouncer.py" "$work"
cd "$root"
