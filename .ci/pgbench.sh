#!/usr/bin/env bash
# Imports a real pgbench run on a private PostgreSQL, which it installs from Debian's packages.
# Needs Rust, and root or `sudo` to install PostgreSQL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

source .ci/database.sh
install_database pgbench postgresql postgresql-contrib

work=$(mktemp -d /tmp/driverc-pgbench.XXXXXX)
finish() {
  stop_database
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
mkdir "$work/run"

cargo build --quiet --locked
PATH=$root/target/debug:$PATH

start_database "$work/run" bench -c "listen_addresses=''"
export PGHOST=$work/run PGUSER=bench PGDATABASE=postgres
as_database "$work/run" "$bin/pgbench" --initialize --quiet 2> /dev/null
# Two threads write two logs. The fixed rate makes an open loop with enough arrivals for a verdict.
as_database "$work/run" "$bin/pgbench" --no-vacuum --select-only --client 4 --jobs 2 --time 12 --rate 300 --log \
  > "$work/report.txt"
processed=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/report.txt")
version=$(sed -n '1s/^pgbench (\([^ )]*\).*/\1/p' "$work/report.txt")
logs=("$work"/run/pgbench_log.*)

mkdir "$work/project"
cd "$work/project"
driverc init > /dev/null 2>&1
# The example budgets require more throughput than this load has. The p95 limit is loose, so that a
# busy machine does not fail the test.
sed -i -e 's/^min_throughput_ops_per_sec = .*/min_throughput_ops_per_sec = 100/' \
  -e 's/^max_p95_latency_ms = .*/max_p95_latency_ms = 2000/' contracts/example.toml
import() {
  driverc import pgbench "${logs[@]}" --loop open --driver example --profile mixed_latency \
    --append contracts/measured.toml "$@"
}
import --timeouts 0 --tool-version "$version" --source '-S -c 4 -j 2 -R 300' --contract current
grep -qx "requests = $processed" contracts/measured.toml
grep -qx 'loop = "open"' contracts/measured.toml
# On a busy machine, latencies are correlated, and p95 then has no upper bound.
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
# The example's other profile has a budget but no benchmark, which `budget` must report.
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
# Simulates the measured system with another contract.
driverc bench example --profile mixed_latency --set driver.example.max_in_flight=10

printf 'pgbench: ok\n'
