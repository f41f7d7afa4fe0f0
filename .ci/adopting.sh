#!/usr/bin/env bash
# Adopts driverc in a repository with 300 old contracts: runs all blocks of docs/adopting.md in
# order, then a history of two branches with the expected verdict of each commit.
# Needs git, Rust, and Python 3.9 or newer with `venv`. Installs pre-commit as pinned in
# `.ci/packaging-requirements.txt`.
#
# Backticks in single quotes are parts of messages.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/common.sh
source .ci/common.sh
# The page commits, and git asks for nothing.
export GIT_MERGE_AUTOEDIT=no

install_tools pre-commit
create_hooks

fail() {
  printf 'not as expected: %s\n' "$1"
  exit 1
}

# Applies a sed command to the old contracts with these numbers.
fault() {
  local number
  for number in $(seq -f '%03g' "$1" "$2"); do
    sed -i "$3" "contracts/store_$number.toml"
  done
}

# Creates a repository with 300 contracts that driverc has never checked. 112 of them have faults.
old_repository() {
  driverc init "$work/example" > /dev/null 2>&1
  local example=$work/example/contracts/example.toml number
  mkdir -p "$work/old/contracts"
  cd "$work/old"
  git init --quiet --initial-branch main
  sed '1,/^# replace single limits/d' "$example" > contracts/budgets.toml
  for number in $(seq -f '%03g' 0 299); do
    sed -e '/^# The limits for every driver/,$d' -e "s/example/store_$number/" "$example" \
      > "contracts/store_$number.toml"
  done
  fault 0 29 's/^max_attempts = .*/max_attempts = 7/'
  fault 30 49 's/^jitter_percent = .*/jitter_percent = 0/'
  fault 50 64 's/^base_backoff_ms = .*/base_backoff_ms = 5000/'
  fault 65 76 's/_timeouts_total"/_timeouts"/'
  fault 77 86 's/^connect_ms = .*/connect_ms = 6000/'
  fault 87 94 's/^max_queue_depth = .*/max_queue_depth = 20000/'
  fault 95 98 's/_in_flight_requests"/_operation_duration_seconds"/'
  fault 99 100 's/^latency_metric = .*/latency_metric = "store_operation_duration_seconds"/'
  fault 101 105 's/^max_in_flight =/max_inflight =/'
  fault 110 114 's/"batch_read",/"batch_read", "batch_read",/'
  # Not a fault with the budgets of today.
  fault 160 160 's/^request_ms = .*/request_ms = 120000/'
  fault 297 297 's/^max_attempts = .*/max_attempts = 7/'
  sed -i 's/^max_retry_rate_bps = 50$/max_retry_rate_bps = 1500/' contracts/budgets.toml
  # One document with several drivers.
  cat contracts/store_29[6-9].toml > contracts/group.toml
  rm contracts/store_29[6-9].toml
  git add --all
  git commit --quiet --message 'Old contracts'
}

# Writes each block of the page to a file: `01.sh`, `02.console` and so on.
split_page() {
  mkdir "$work/blocks"
  awk -v folder="$work/blocks" '
    /^```/ && file == "" { file = sprintf("%s/%02d.%s", folder, ++count, substr($0, 4)); printf "" > file; next }
    /^```$/ { close(file); file = ""; next }
    file != "" { print > file }
  ' "$root/docs/adopting.md"
}

# Takes the next block of the page, which must have this language.
next=0
take() {
  next=$((next + 1))
  block=$(printf '%s/%02d.%s' "$work/blocks" "$next" "$1")
  if [[ ! -e $block ]]; then fail "block $next of docs/adopting.md has not the language $1"; fi
}

# Runs the next block of commands. Its last command must end with this code.
run_block() {
  local code=$1 ended=0
  take sh
  bash -e "$block" > "$work/said" 2>&1 < /dev/null || ended=$?
  if [[ $ended != "$code" ]]; then
    cat "$block" "$work/said"
    fail "block $next ended with $ended, expected $code"
  fi
  printf '  block %s: exit code %s: %s\n' "$next" "$code" "$(tail -n 1 "$block")"
}

# Runs the next block of one command and its output, which must match.
show_block() {
  local code=$1 ended=0 command
  take console
  command=$(sed -n '1s/^\$ //p' "$block")
  { printf '$ %s\n' "$command"; bash -c "$command" 2>&1 < /dev/null || ended=$?; } > "$work/said"
  if [[ $ended != "$code" ]]; then
    cat "$work/said"
    fail "block $next ended with $ended, expected $code"
  fi
  diff -u "$block" "$work/said" || fail "block $next prints something else"
  printf '  block %s: exit code %s: %s\n' "$next" "$code" "$command"
}

commit() {
  driverc compile --output-file signatures.txt
  git add --all
  expect 0 '' git commit --quiet --message "$1"
}

# Runs the page. The comments name what its reader does between the blocks.
run_page() {
  printf 'docs/adopting.md\n'
  run_block 0
  show_block 1
  run_block 0
  run_block 1
  run_block 0
  show_block 0
  take toml
  { cat "$block" && printf '\n' && cat driverc.toml; } > "$work/driverc.toml"
  cp "$work/driverc.toml" driverc.toml
  run_block 0
  take text
  grep -qxF "$(< "$block")" driverc-baseline.txt || fail 'the baseline has not the line of the page'
  run_block 0
  take yaml
  sed "s#https://github.com/driverc/driverc#$work/hooks#" "$block" > .pre-commit-config.yaml
  git add --all
  run_block 0
  commit 'Run the hooks'

  run_block 0
  take toml
  cat "$block" >> driverc.toml
  show_block 0
  # Fixes a contract.
  fault 2 2 's/^max_attempts = .*/max_attempts = 3/'
  expect 1 'no finding matches this line' driverc baseline --check
  show_block 0
  commit 'Name owners, and fix a contract'
  # Moves a file, then renames a driver.
  mkdir contracts/old
  git mv contracts/store_003.toml contracts/old/
  expect 0 'no findings' driverc check --fail-on warn
  fault 4 4 's/store_004/archive_db/'
  git mv contracts/store_004.toml contracts/archive_db.toml
  expect 1 'contracts/archive_db.toml' driverc check --fail-on warn
  show_block 0
  expect 0 'no findings' driverc check --fail-on warn
  commit 'Move a contract, and rename a driver'
  # Writes a waiver.
  take toml
  cat "$block" >> contracts/store_001.toml
  sed -i '/|driver=store_001|/d' driverc-baseline.txt
  expect 0 'no findings' driverc check --fail-on warn --today 2027-03-31
  expect 1 'max_attempts' driverc check --fail-on warn --today 2027-04-01
  commit 'Waive a finding'
  # Publishes the main branch.
  git switch --quiet main
  git merge --quiet --no-edit adopt-driverc
  git update-ref refs/remotes/origin/main main
  run_block 0

  printf 'the gate\n'
  expect 0 'no findings' driverc check --fail-on warn --today 2026-12-01
  expect 0 '' driverc baseline --check --today 2026-12-01
  expect 0 '' driverc compile --check signatures.txt
  expect 0 'Passed' pre-commit run --all-files
  if [[ $next != "$(find "$work/blocks" -type f | wc -l)" ]]; then fail 'the page has more blocks'; fi
}

# The history: each commit, its branch, the exit codes of three commands, and the rules of the open
# findings.
#
#   check   `check --fail-on warn`: 1 if the commit leaves a finding open
#   new     `check --new-from` with its first parent: 1 if the commit adds a finding
#   unused  `baseline --check`: 1 if a line is unused, 2 if read errors hide whether lines are used
#
# `check` and `new` differ only where a commit adds no finding but leaves one open.
history='
a1   a     0 0 1  -                             fix a contract
a2   a     0 0 0  -                             prune its line
a3   a     0 0 0  -                             add a clean driver
a4   a     1 1 0  retry-attempts-high           add a driver with a fault
a5   a     0 0 0  -                             accept the fault with baseline --add
b1   b     0 0 1  -                             fix a contract
b2   b     0 0 0  -                             prune its line
b3   b     0 0 0  -                             add a driver with a fault and its line
b4   b     0 0 0  -                             join two files with accepted faults
b5   b     1 1 2  unknown-key                   misspell a key
b6   b     0 0 0  -                             correct the key
m1   main  0 0 0  -                             merge a
m2   main  0 0 0  -                             merge b; both branches added a line at the same place
a6   a     1 1 1  retry-attempts-high           make an accepted value worse
a7   a     1 1 1  retry-attempts-high           make it better, but not good
a8   a     0 0 0  -                             replace its line
a9   a     0 0 0  -                             move a file
a10  a     0 0 0  -                             split a file with an accepted fault
a11  a     0 0 0  -                             add a clean driver with a metric name
b7   b     0 0 0  -                             reorder keys and change comments of an accepted fault
b8   b     0 0 0  -                             add a fault and its waiver
b9   b     0 0 0  -                             move an accepted value to a template
b10  b     1 1 0  timeout-deadline-loose        add a budget that makes a fault of an old contract
b11  b     0 0 0  -                             remove the budget
b12  b     1 0 0  retry-attempts-high           remove the line of an open fault
b13  b     1 0 0  retry-attempts-high           change only a comment, while the fault is open
b14  b     0 0 0  -                             add the line again
b15  b     0 0 0  -                             add a clean driver with the metric name of a11
m3   main  0 0 0  -                             merge a
m4   main  1 1 0  metric-shared-across-drivers  merge b; the two new drivers share a metric name
f1   main  0 0 0  -                             rename the metric
a12  a     0 0 0  -                             fix a contract and prune its line
b16  b     0 0 0  -                             fix another contract and prune its line, next to the line of a12
m5   main  0 0 0  -                             merge a
m6   main  0 0 1  -                             merge b; union merge brings both lines back
f2   main  0 0 0  -                             prune the two lines
'

# Adds a clean driver, whose class is relational.
add_driver() {
  driverc init "$1" --class relational_adapter 2> /dev/null
}
attempts() {
  sed -i "s/^max_attempts = .*/max_attempts = $2/" "contracts/$1.toml"
}
metric() {
  sed -i "s/^latency_metric = .*/latency_metric = \"$2\"/" "contracts/$1.toml"
}
baseline() {
  driverc baseline --today "$today" "$@" > /dev/null 2>&1
}
merge() {
  git merge --quiet --no-ff --no-edit "$1" > /dev/null
}

change() {
  case $1 in
    a1) attempts store_010 3 ;;
    a2 | b2 | f2) baseline --prune ;;
    a3) add_driver ledger_db ;;
    a4) add_driver parcel_db && attempts parcel_db 7 ;;
    a5 | b14) baseline --add ;;
    b1) fault 30 30 's/^jitter_percent = .*/jitter_percent = 100/' ;;
    b3) add_driver quota_db && attempts quota_db 7 && baseline --add ;;
    b4)
      cat contracts/store_005.toml contracts/store_006.toml > contracts/pair.toml
      rm contracts/store_005.toml contracts/store_006.toml
      ;;
    b5) fault 150 150 's/^max_in_flight =/max_inflight =/' ;;
    b6) fault 150 150 's/^max_inflight =/max_in_flight =/' ;;
    m1 | m3 | m5) merge a ;;
    m2 | m4 | m6) merge b ;;
    a6) attempts store_011 9 ;;
    a7) attempts store_011 5 ;;
    a8) baseline --add --prune ;;
    a9) mkdir -p contracts/moved && git mv contracts/store_012.toml contracts/moved/ ;;
    a10)
      awk '/^# The contract of one driver/ { count++ } { print > "contracts/group_" count ".toml" }' \
        contracts/group.toml
      rm contracts/group.toml
      ;;
    a11) add_driver left_db && metric left_db inventory_operation_duration_seconds ;;
    b7)
      fault 31 31 '/^#/d; /^jitter_percent/d; s/^max_attempts/# Jitter.\njitter_percent = 0\n&/'
      ;;
    b8)
      attempts store_151 6
      printf '\n[[waiver]]\nrule = "%s"\ndriver = "%s"\nreason = "%s"\nowner = "%s"\nexpires = %s\n' \
        retry-attempts-high store_151 'a failover takes up to 1.5 s' 'storage team' 2027-03-31 \
        >> contracts/store_151.toml
      ;;
    b9)
      printf '[template.patient.retry_policy]\nmax_attempts = 7\n' > contracts/templates.toml
      fault 7 7 '/^max_attempts/d; s/^class = .*/like = "patient"\n&/'
      ;;
    b10)
      printf '[budget.%s.driver.store_160]\nmax_p95_latency_ms = 110\n' heavy_data mixed_latency \
        > contracts/strict.toml
      ;;
    b11) rm contracts/strict.toml ;;
    b12) sed -i '/|driver=store_015|/d' driverc-baseline.txt ;;
    b13) fault 200 200 '1s/.*/# A contract./' ;;
    b15) add_driver right_db && metric right_db inventory_operation_duration_seconds ;;
    f1) metric right_db right_db_operation_duration_seconds ;;
    a12) attempts store_013 3 && baseline --prune ;;
    b16) attempts store_014 3 && baseline --prune ;;
  esac
}

# Prints the exit code of a command. Adds its output to `said`.
code_of() {
  local ended=0
  "$@" >> "$work/said" 2>&1 < /dev/null || ended=$?
  printf '%s' "$ended"
}

# Prints the verdicts on the last commit: the exit codes of three commands, and the rules of the open
# findings, or `-`.
verdicts() {
  local rules
  : > "$work/said"
  code_of driverc check --fail-on warn --today "$today" --output-format concise
  rules=$(sed -n 's/.*: [a-z]*\[\([a-z0-9-]*\)\]: .*/\1/p' "$work/said" | sort | paste -sd, -)
  printf ' '
  code_of driverc check --new-from HEAD^1 --fail-on warn --today "$today"
  printf ' '
  code_of driverc baseline --check --today "$today"
  printf ' %s' "${rules:--}"
}

# Makes a change and commits it. A merge commits itself.
record() {
  local id=$1 branch=$2 what=$3
  git switch --quiet "$branch"
  # After a merge, each branch continues from main.
  git merge --quiet --ff-only main
  change "$id"
  git add --all
  if [[ $id == m* ]]; then
    git rev-parse --quiet --verify 'HEAD^2' > /dev/null || fail "$id is not a merge"
  else
    git commit --quiet --message "$id: $what"
  fi
}

run_history() {
  local id branch check new unused rules what found wrong=0 commits=0
  today=2026-12-01
  printf 'history\n'
  pre-commit uninstall > /dev/null
  # Two contracts shared a metric name before.
  printf '\n[rules]\nmetric-shared-across-drivers = "warn"\n' >> driverc.toml
  baseline --add
  git add --all
  git commit --quiet --message 'Report shared metric names'
  git branch a
  git branch b
  while read -r id branch check new unused rules what; do
    if [[ -z $id ]]; then continue; fi
    record "$id" "$branch" "$what"
    found=$(verdicts)
    printf '  %-4s %-5s %-36s %s\n' "$id" "$branch" "$found" "$what"
    if [[ $found != "$check $new $unused $rules" ]]; then
      printf '             expected:  %s\n' "$check $new $unused $rules"
      cat "$work/said"
      wrong=1
    fi
    commits=$((commits + 1))
  done <<< "$history"
  if [[ $wrong != 0 ]]; then fail 'some verdicts'; fi
  printf '  %s commits: all verdicts as expected\n' "$commits"
}

old_repository
split_page
run_page
run_history
printf 'adopting: ok\n'
