#!/usr/bin/env bash
# Imports a real run of pgbench against a private PostgreSQL, which it installs from Debian's packages.
# Needs Rust; to install, root or `sudo`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

# The programs of the newest PostgreSQL that is there; Debian keeps most of them out of the path.
programs() {
  { find /usr/lib/postgresql -path '*/bin/initdb' 2> /dev/null || true; } \
    | sort --version-sort | tail -n 1 | xargs --no-run-if-empty dirname
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

bin=$(programs)
if [[ -z $bin || ! -x $bin/pgbench ]]; then
  printf 'installing PostgreSQL\n'
  as_root apt-get update > /dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    postgresql postgresql-contrib > /dev/null
  bin=$(programs)
fi

# A database does not run as root, so then it runs as the user of Debian's packages.
as_database() {
  if ((EUID == 0)); then (cd "$work/run" && runuser -u postgres -- "$@"); else (cd "$work/run" && "$@"); fi
}

# Short, since the path of a socket has little more than a hundred bytes.
work=$(mktemp -d /tmp/driverc-pgbench.XXXXXX)
started=
finish() {
  if [[ -n $started ]]; then
    as_database "$bin/pg_ctl" --pgdata "$work/run/data" --mode immediate stop > /dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
mkdir "$work/run"
if ((EUID == 0)); then chown postgres "$work/run"; fi

cargo build --quiet --locked
PATH=$root/target/debug:$PATH

as_database "$bin/initdb" --pgdata "$work/run/data" --auth trust --username bench --no-sync > /dev/null
started=yes
as_database "$bin/pg_ctl" --pgdata "$work/run/data" --log "$work/run/log" --wait start \
  --options "-c listen_addresses='' -c unix_socket_directories=$work/run -c fsync=off" > /dev/null
export PGHOST=$work/run PGUSER=bench PGDATABASE=postgres
as_database "$bin/pgbench" --initialize --quiet 2> /dev/null
# Two threads, which write two logs; arrivals on a schedule of their own, enough of them to judge.
as_database "$bin/pgbench" --no-vacuum --select-only --client 4 --jobs 2 --time 12 --rate 300 --log \
  > "$work/report.txt"
processed=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/report.txt")
version=$(sed -n '1s/^pgbench (\([^ )]*\).*/\1/p' "$work/report.txt")
logs=("$work"/run/pgbench_log.*)

mkdir "$work/project"
cd "$work/project"
driverc init > /dev/null 2>&1
# The budgets of the example ask for more than the load that is offered here, and a busy machine is
# no reason to fail.
sed -i -e 's/^min_throughput_ops_per_sec = .*/min_throughput_ops_per_sec = 100/' \
  -e 's/^max_p95_latency_ms = .*/max_p95_latency_ms = 2000/' contracts/example.toml
import() {
  driverc import pgbench "${logs[@]}" --loop open --driver example --profile mixed_latency \
    --append contracts/measured.toml "$@"
}
import --timeouts 0 --tool-version "$version" --source '-S -c 4 -j 2 -R 300' --contract current
grep -qx "requests = $processed" contracts/measured.toml
grep -qx 'loop = "open"' contracts/measured.toml
# On a busy machine neighbouring latencies are alike, and then p95 has no bound.
if grep -q '^p95_upper_latency_ms = ' contracts/measured.toml; then
  verdict=pass
else
  grep -q 'correlated latencies' contracts/measured.toml
  verdict=inconclusive
fi
import --as workload
grep -qx 'arrival = "poisson"' contracts/measured.toml
cat contracts/measured.toml
driverc check
# The other profile of the example has a budget and no sample, which is what `budget` has to say.
driverc budget --output-format json --exit-zero > "$work/judged.json"
python3 -c '
import json, sys
judged = json.load(open(sys.argv[1]))
pair, = judged["pairs"]
sample, = pair["samples"]
assert pair["profile"] == "mixed_latency" and not sample["simulated"], pair
assert pair["verdict"] == sys.argv[2], pair
rules = {finding["rule"] for finding in judged["findings"]}
assert rules - {"sample-without-bound"} == {"sample-missing"}, judged["findings"]
' "$work/judged.json" "$verdict"
driverc budget --exit-zero --show info
# The measured system under another contract.
driverc bench example --profile mixed_latency --set driver.example.max_in_flight=10

printf 'pgbench is well\n'
