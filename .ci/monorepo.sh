#!/usr/bin/env bash
# Tests the hooks in the three layouts of docs/monorepo.md, with the real pre-commit.
# Needs git, Rust, and Python 3.9 or newer with `venv`. Installs pre-commit as pinned in
# `.ci/packaging-requirements.txt`.
#
# Backticks in single quotes are parts of messages.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ignores the user's configuration.
export PRE_COMMIT_HOME=$work/home PRE_COMMIT_COLOR=never
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GITHUB_STEP_SUMMARY PIP_REQUIRE_VIRTUALENV

# Runs a command and checks its exit code and output.
expect() {
  local code=$1 text=$2 ended=0
  shift 2
  "$@" > "$work/said" 2>&1 < /dev/null || ended=$?
  if [[ $ended != "$code" ]] || [[ $(< "$work/said") != *"$text"* ]]; then
    printf 'not as expected: %s\nexit code %s, expected %s with: %s\n' "$*" "$ended" "$code" "$text"
    cat "$work/said"
    exit 1
  fi
  printf '  %s: exit code %s%s\n' "${*//$work\//}" "$code" "${text:+, $text}"
}

refuse_text() {
  if grep -qF -- "$1" "$work/said"; then
    printf 'unexpected output: %s\n' "$1"
    cat "$work/said"
    exit 1
  fi
}

python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check \
  "$(grep '^pre-commit==' .ci/packaging-requirements.txt)"
cargo build --quiet --locked
PATH=$work/tools/bin:$root/target/debug:$PATH

# A repository with the hooks, which run the binary above instead of building one.
mkdir "$work/hooks"
sed 's/^  language: rust$/  language: system/' .pre-commit-hooks.yaml > "$work/hooks/.pre-commit-hooks.yaml"
git -C "$work/hooks" init --quiet
git -C "$work/hooks" add --all
git -C "$work/hooks" commit --quiet --message 'The hooks'
version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q;}' Cargo.toml)
git -C "$work/hooks" tag "v$version"

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
  printf '%s\n' "$1"
  mkdir "$work/$1"
  cd "$work/$1"
  git init --quiet --initial-branch main
  printf 'repos: [{repo: %s, rev: v%s, hooks: [%s]}]\n' "$work/hooks" "$version" "$2" \
    > .pre-commit-config.yaml
  pre-commit install > /dev/null
}
save() {
  git add --all
  expect "$1" "$2" git commit --message 'A change'
}
both='{id: driverc-check}, {id: driverc-check-files}'

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
printf 'no_such_key = 1\n' > "$work/driverc.toml"
expect 0 'Passed' pre-commit run --all-files
refuse_text 'Failed'

printf 'monorepo: ok\n'
