#!/usr/bin/env bash
# Tests the hooks in the three layouts of docs/monorepo.md, with the real pre-commit and prek.
# Needs git, Rust, and Python 3.9 or newer with `venv`. Installs both as pinned in
# `.ci/packaging-requirements.txt`.
#
# Backticks in single quotes are parts of messages.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/common.sh
source .ci/common.sh

install_tools pre-commit prek
create_hooks

driverc init "$work/example" > /dev/null 2>&1
example=$(< "$work/example/contracts/example.toml")

# Writes a clean contract, or one with a misspelt key.
contract() {
  mkdir -p "$1/contracts"
  printf '%s\n' "${example//example/$2}" > "$1/contracts/$2.toml"
}
misspelt() {
  sed -i 's/^max_in_flight =/max_inflight =/' "$1/contracts/$2.toml"
}
finding='did you mean `max_in_flight`?'

# Creates a repository that runs these hooks before each commit.
repository() {
  printf '%s: %s\n' "$runner" "$1"
  mkdir -p "$work/$runner/$1"
  cd "$work/$runner/$1"
  git init --quiet --initial-branch main
  printf 'repos: [{repo: %s, rev: v%s, hooks: [%s]}]\n' "$work/hooks" "$version" "$2" \
    > .pre-commit-config.yaml
  "$runner" install > /dev/null
}
save() {
  git add --all
  expect "$1" "$2" git commit --message 'A change'
}
both='{id: driverc-check}, {id: driverc-check-files}'

one_project() {
  repository 'one project' "$both"
  printf 'include = ["services/*/contracts"]\n' > driverc.toml
  contract services/orders orders
  contract services/billing billing
  # The example declares budgets, and a project declares each budget once.
  sed -i '/^# The limits for every driver/,$d' services/billing/contracts/billing.toml
  save 0 'Passed'
  misspelt services/billing billing
  save 1 "$finding"
  # The hook for files passes only the changed one, which is judged as part of the project.
  grep -qF 'services/billing/contracts/billing.toml' "$work/said"
  refuse_text 'services/orders/contracts/orders.toml'
  contract services/billing billing
  save 1 'declared twice'
  git reset --quiet --hard
}

several_projects() {
  repository 'several projects' "$both, {id: driverc-compile, name: compile orders, files: ^services/orders/, args: [--config, services/orders/driverc.toml, --check, services/orders/signatures.txt]}"
  for name in orders billing; do
    contract "services/$name" "$name"
    printf '[rules]\nretry-no-jitter = "error"\n' > "services/$name/driverc.toml"
  done
  # Each project can declare the same driver.
  contract services/billing shared
  sed -i '/^# The limits for every driver/,$d' services/billing/contracts/shared.toml
  contract services/orders shared
  sed -i '/^# The limits for every driver/,$d' services/orders/contracts/shared.toml
  driverc compile --config services/orders/driverc.toml --output-file services/orders/signatures.txt
  save 0 'Passed'
  misspelt services/orders orders
  misspelt services/billing billing
  save 1 "$finding"
  for name in orders billing; do
    grep -qF "services/$name/contracts/$name.toml" "$work/said"
  done
  git reset --quiet --hard
  # One configuration turns the rule off, so only the other project fails.
  sed -i 's/jitter_percent = .*/jitter_percent = 0/' services/*/contracts/shared.toml
  printf '[rules]\nretry-no-jitter = "off"\n' > services/orders/driverc.toml
  driverc compile --config services/orders/driverc.toml --output-file services/orders/signatures.txt
  save 1 'services/billing/contracts/shared.toml'
  refuse_text 'services/orders/contracts/shared.toml'
  git checkout --quiet HEAD -- services/billing
  save 0 'Passed'
  refuse_text 'Failed'
}

subfolder() {
  repository 'a project in a subfolder' "$both"
  contract data orders
  mkdir -p app/contracts
  printf '[package]\nname = "not-a-contract"\n' > app/Cargo.toml
  printf 'include = ["contracts"]\n' > data/driverc.toml
  save 0 'Passed'
  misspelt data orders
  save 1 "$finding"
  git reset --quiet --hard
  printf '[rules]\nno-such-rule = "off"\n' > data/driverc.toml
  save 1 '`data/driverc.toml` cannot be used'
  git reset --quiet --hard
  # A configuration above the repository has no effect.
  printf 'no_such_key = 1\n' > "$work/$runner/driverc.toml"
  expect 0 'Passed' "$runner" run --all-files
  refuse_text 'Failed'
}

# The hooks show errors, and the warnings that fail. They also run if only the baseline changes.
levels() {
  repository 'levels and the baseline' "$both, {id: driverc-compile}"
  contract . orders
  sed -i 's/^max_attempts = .*/max_attempts = 7/' contracts/orders.toml
  driverc compile --output-file signatures.txt
  save 0 'Passed'
  sed -i 's/^jitter_percent = .*/jitter_percent = 0/' contracts/orders.toml
  git add --all
  for hook in driverc-check driverc-check-files; do
    expect 1 'error[retry-no-jitter]' "$runner" run "$hook"
    refuse_text 'warn['
  done
  git reset --quiet --hard
  with_args 1 'warn[retry-attempts-high]' '--fail-on, warn'
  with_args 0 'Passed' '--show, warn'
  sed -i 's/^jitter_percent = .*/jitter_percent = 0/' contracts/orders.toml
  with_args 1 'warn[retry-attempts-high]' '--show, warn'
  printf 'baseline = "driverc-baseline.txt"\n' > driverc.toml
  driverc baseline 2> /dev/null
  driverc compile --output-file signatures.txt
  save 0 'Passed'
  : > driverc-baseline.txt
  git add --all
  for hook in driverc-check driverc-check-files driverc-compile; do
    expect 1 'error[retry-no-jitter]' "$runner" run "$hook"
  done
}

# Runs both hooks with other arguments, on all files.
with_args() {
  local hook end=''
  for hook in driverc-check driverc-check-files; do
    printf 'repos: [{repo: %s, rev: v%s, hooks: [{id: %s, args: [%s%s]}]}]\n' \
      "$work/hooks" "$version" "$hook" "$3" "$end" > "$work/args.yaml"
    expect "$1" "$2" "$runner" run --config "$work/args.yaml" --all-files
    end=', --'
  done
}

for runner in pre-commit prek; do
  one_project
  several_projects
  subfolder
  levels
done
printf 'monorepo: ok\n'
