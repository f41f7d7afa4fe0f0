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

# The path must be short, because socket paths are limited to about 100 bytes.
work=$(mktemp -d /tmp/driverc-pgbouncer.XXXXXX)
started=
finish() {
  if [[ -n $started ]]; then
    as_database "$work" "$bin/pg_ctl" --pgdata "$work/data" --mode immediate stop > /dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
cp -r "$packages/usr" "$work/usr"
cp .ci/targets/{contracts,pgbouncer}.py "$work"
cargo build --quiet --locked
cp target/debug/driverc "$work"
chmod -R a+rX "$work"
if ((EUID == 0)); then chown postgres "$work"; fi

as_database "$work" "$bin/initdb" --pgdata "$work/data" --auth trust --username app --no-sync > /dev/null
started=yes
as_database "$work" "$bin/pg_ctl" --pgdata "$work/data" --log "$work/log" --wait start --options \
  "-c listen_addresses='' -c unix_socket_directories=$work -c fsync=off" > /dev/null
as_database "$work" env LD_LIBRARY_PATH="$(echo "$work"/usr/lib/*-linux-gnu)" PATH="$bin:$PATH" \
  python3 "$work/pgbouncer.py" "$work"
cd "$root"
