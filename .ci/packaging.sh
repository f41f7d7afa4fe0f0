#!/usr/bin/env bash
# Tests everything that users install: the hooks, the wheel, the action and the recipes in the docs.
# Needs git, Rust, and Python 3.9 or newer with `venv`. Installs `.ci/packaging-requirements.txt`.
#
# Backticks in single quotes are parts of messages.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/common.sh
source .ci/common.sh

# Builds without optimizations. This script tests installation, not speed, and it builds the binary
# three times.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256
export CARGO_PROFILE_DIST_OPT_LEVEL=0 CARGO_PROFILE_DIST_CODEGEN_UNITS=256 CARGO_PROFILE_DIST_LTO=off
# The builds share their dependencies. Removes driverc itself, as built by earlier runs.
export CARGO_TARGET_DIR=$root/target/packaging
rm -rf "$CARGO_TARGET_DIR"/{release,dist}/{.fingerprint,deps}/{lib,}driverc-*

part() {
  printf '\n%s (after %s s)\n' "$1" "$SECONDS"
}

# Prints a recipe from the docs, with the local repository instead of the published one.
recipe() {
  python "$root/.ci/recipes.py" block "$@" | sed "s#https://github.com/driverc/driverc#$work/driverc#"
}

part 'tools'
python3 -m venv "$work/tools"
PATH=$work/tools/bin:$PATH
pip install --quiet --disable-pip-version-check --requirement .ci/packaging-requirements.txt

# Creates a repository with the current work tree and the tag in the recipes.
version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q;}' Cargo.toml)
mkdir "$work/driverc"
git ls-files --cached --others --exclude-standard --deduplicate \
  | while read -r file; do if [[ -e $file ]]; then printf '%s\n' "$file"; fi; done \
  | tar --create --files-from - | tar --extract --directory "$work/driverc"
git -C "$work/driverc" init --quiet --initial-branch main
git -C "$work/driverc" add --all
git -C "$work/driverc" commit --quiet --message 'A release'
git -C "$work/driverc" tag "v$version"

part 'wheel'
(cd "$work/driverc" && maturin build --quiet --profile dist --out "$work/dist")
python3 -m venv "$work/wheel"
"$work/wheel/bin/pip" install --quiet --no-index --find-links "$work/dist" "driverc==$version"
expect 0 "driverc $version" "$work/wheel/bin/driverc" --version
expect 0 'no findings' "$work/wheel/bin/driverc" check builtin:
expect 0 'A compiler and linter for driver contracts' "$work/wheel/bin/pip" show driverc
mkdir "$work/bin"
ln -s "$work/wheel/bin/driverc" "$work/bin/driverc"
PATH=$work/bin:$PATH

has() {
  driverc help "$1" > /dev/null 2>&1
}

# Creates a project with one valid contract. `bad` and `stale` change the contract.
mkdir "$work/project"
cd "$work/project"
git init --quiet --initial-branch main
driverc init > /dev/null 2>&1
driverc compile --output-file signatures.txt
git add --all
git commit --quiet --message 'A contract'
good=$(cat contracts/example.toml)
bad() {
  printf '%s\n' "${good/max_in_flight =/max_inflight =}" > contracts/example.toml
}
stale() {
  printf '%s\n' "${good/request_ms = 5000/request_ms = 4000}" > contracts/example.toml
}
finding='did you mean `max_in_flight`?'
renew='`signatures.txt` is not up to date; write it with `driverc compile'

part 'hooks, with try-repo'
bad
git add --all
expect 1 "$finding" pre-commit try-repo "$work/driverc" --all-files
for hook in driverc-check driverc-check-files driverc-compile; do
  grep -qE "hook id: $hook\$" "$work/said" || { cat "$work/said"; exit 1; }
done

part 'hooks, as documented'
recipe "$root/docs/pre-commit.md" yaml 1 > .pre-commit-config.yaml
pre-commit install > /dev/null
expect 1 "$finding" git commit --all --message 'A bad contract'
good+=$'\n\n# The end.'
printf '%s\n' "$good" > contracts/example.toml
git add --all
expect 0 'Passed' git commit --message 'Hooks, and a comment'
refuse_text 'Failed'
stale
expect 1 "$renew" git commit --all --message 'A stale signature'
refuse_text 'found 1 error'
driverc compile --output-file signatures.txt
expect 0 'Passed' git commit --all --message 'Another promise'
printf '%s\n' "$good" > contracts/example.toml
driverc compile --output-file signatures.txt
expect 0 'Passed' git commit --all --message 'The promise of before'
expect 0 'Passed' pre-commit run --all-files
# The next tests use other configurations.
pre-commit uninstall > /dev/null

hook() {
  printf 'repos: [{repo: %s, rev: v%s, hooks: [%s]}]\n' "$work/driverc" "$version" "$1" > hook.yaml
  shift
  expect "$@"
}
alone=(pre-commit run --config hook.yaml --files contracts/old/example.toml contracts/example.toml)
mkdir contracts/old
former=${good/max_in_flight =/max_inflight =}
printf '%s\n' "${former//example/former}" > contracts/old/example.toml
git add --all
hook '{id: driverc-check-files}' 1 "$finding" "${alone[@]}"
printf 'exclude = ["contracts/old"]\n' > driverc.toml
git add --all
hook '{id: driverc-check-files}' 0 'Passed' "${alone[@]}"
# A name that starts with `-` is not an option.
mkdir -p ./-ostolen/contracts
printf '%s\n' "${former//example/stolen}" > ./-ostolen/contracts/example.toml
git add --all
hook '{id: driverc-check-files}' 1 "$finding" pre-commit run --config hook.yaml --all-files
rm -r ./-ostolen
git add --all
git mv signatures.txt drivers.lock
hook '{id: driverc-compile}' 1 '`signatures.txt` does not exist' pre-commit run --config hook.yaml --all-files
hook '{id: driverc-compile, args: [--check, drivers.lock]}' 0 'Passed' \
  pre-commit run --config hook.yaml --all-files
expect 0 'Skipped' pre-commit run --config hook.yaml --files hook.yaml
git reset --quiet --hard
if has schema; then
  driverc schema --output-folder schema
  git add --all
  hook '{id: driverc-schema}' 0 'Passed' pre-commit run --config hook.yaml --all-files
  printf '{}\n' > schema/contracts.schema.json
  git add --all
  hook '{id: driverc-schema}' 1 'driverc schema' pre-commit run --config hook.yaml --all-files
  git reset --quiet --hard
fi
# A folder other than `contracts`, with other arguments.
git mv contracts drivers
printf 'include = ["drivers"]\n' > driverc.toml
git mv signatures.txt drivers.lock
recipe "$root/docs/pre-commit.md" yaml 2 > hook.yaml
git add --all
expect 0 'Passed' pre-commit run --config hook.yaml --all-files
refuse_text 'Skipped'
git reset --quiet --hard

part 'hooks with an installed binary'
bad
git add --all
for number in 3 4; do
  recipe "$root/docs/pre-commit.md" yaml "$number" > hook.yaml
  expect 1 "$finding" env PIP_FIND_LINKS="$work/dist ${PIP_FIND_LINKS:-}" \
    pre-commit run --config hook.yaml --all-files
done
git reset --quiet --hard

part 'recipes for CI'
recipe "$root/docs/ci.md" yaml 2 > gitlab.yaml
python "$root/.ci/recipes.py" script gitlab.yaml driverc > gitlab.sh
export CI_PROJECT_DIR=$PWD
# A fake cargo, which avoids another build. It records its working folder.
mkdir -p "$work/cargo"
cat > "$work/cargo/cargo" <<CARGO
#!/bin/sh
pwd > "$work/cargo/folder"
mkdir -p "$PWD/.git/driverc/bin"
ln -s "$work/wheel/bin/driverc" "$PWD/.git/driverc/bin/driverc"
CARGO
chmod +x "$work/cargo/cargo"
# Attacks of a merge request: links as reports, a binary, a compiler.
mkdir -p "$work/elsewhere" .driverc/bin
printf 'kept\n' > "$work/elsewhere/code-quality.json"
ln -s "$work/elsewhere" driverc-reports
printf '#!/bin/sh\ntouch "%s"\n' "$work/elsewhere/ran" > .driverc/bin/driverc
chmod +x .driverc/bin/driverc
printf '[toolchain]\npath = "evil"\n' > rust-toolchain.toml
base=''
if has diff; then base=$(git rev-parse HEAD); fi
export CI_MERGE_REQUEST_DIFF_BASE_SHA=$base
expect 0 'no findings' env PATH="$work/cargo:$PATH" bash gitlab.sh
[[ $(< "$work/cargo/folder") == / ]]
[[ $(< "$work/elsewhere/code-quality.json") == kept && ! -e $work/elsewhere/ran ]]
rm rust-toolchain.toml
python -c 'import json, sys; assert json.load(open(sys.argv[1])) == []' driverc-reports/code-quality.json
stale
expect 1 "$renew" bash gitlab.sh
bad
expect 1 "$finding" bash gitlab.sh
python -c 'import json, sys; assert json.load(open(sys.argv[1]))' driverc-reports/code-quality.json
grep -qF '<failure' driverc-reports/junit.xml
recipe "$root/docs/ci.md" sh 2 > check.sh
expect 1 "$finding" sh check.sh
git checkout --quiet -- contracts
expect 0 'no findings' sh check.sh
stale
expect 1 "$renew" sh check.sh
if has diff; then
  recipe "$root/docs/ci.md" sh 1 > three.sh
  git checkout --quiet -- contracts
  expect 0 'no findings' sh -e three.sh
fi
git reset --quiet --hard

part 'action'
mkdir "$work/steps" "$work/runner"
python "$root/.ci/recipes.py" action "$root/action.yml" "$work/steps"
for page in ci pull-requests; do
  recipe "$root/docs/$page.md" yaml 1 > workflow.yaml
  [[ $(python "$root/.ci/recipes.py" action-recipe workflow.yaml "$root/action.yml") == "v$version" ]]
done
export GITHUB_ACTION_PATH=$work/driverc RUNNER_OS=Linux RUNNER_ARCH=X64 RUNNER_TEMP=$work/runner
export GITHUB_OUTPUT=$work/outputs GITHUB_PATH=$work/paths GITHUB_STEP_SUMMARY=$work/summary
export COMMENTS='' PATHS='' ARGS='' SARIF=false SIGNATURES=signatures.txt AGAINST='' BASE_SHA='' GITHUB_BASE_REF=main
step() {
  local code=$1 text=$2 name=$3
  shift 3
  expect "$code" "$text" env "$@" bash --noprofile --norc "$work/steps/$name.sh"
}
step 0 '' key
grep -qE '^key=driverc-Linux-X64-[0-9a-f]{16}-[0-9a-f]{16}$' "$GITHUB_OUTPUT"
ROOT=$(sed -n 's/^root=//p' "$GITHUB_OUTPUT")
export ROOT DRIVERC="$ROOT/bin/driverc"
# Uses the build of the wheel, so nothing is compiled again.
ln -s "$CARGO_TARGET_DIR" "$RUNNER_TEMP/driverc-target"
# A pull request cannot choose the compiler.
printf '[toolchain]\npath = "evil"\n' > rust-toolchain.toml
step 0 'Installed package' build
rm rust-toolchain.toml
step 0 "driverc $version" ready
PATH=$(cat "$GITHUB_PATH"):$PATH
[[ $(command -v driverc) == "$ROOT/bin/driverc" ]]
step 0 '' check
step 0 '' signatures
# The runner does not read quoted files as commands.
stale
printf '##[error]forged\n' >> signatures.txt
step 1 "$renew" signatures
token=$(sed -n '1s/^::stop-commands::\([0-9a-f]\{32\}\)$/\1/p' "$work/said")
[[ -n $token && $(tail -n 1 "$work/said") == "::$token::" ]]
git checkout --quiet -- signatures.txt
# Without `[[verify]]`, nothing is compared.
step 0 '' verify
[[ ! -s $work/said ]]
printf 'verify = [{ target = "rust", driver = "example", files = ["deploy/example.rs"] }]\n' > driverc.toml
step 2 'cannot read `deploy/example.rs`' verify
driverc emit rust --driver example --output-file deploy/example.rs > /dev/null 2>&1
rm -f "$GITHUB_STEP_SUMMARY"
step 0 '' verify
grep -qxF '**driverc: no findings**' "$GITHUB_STEP_SUMMARY"
limit=$(grep -o 'MAX_IN_FLIGHT: u32 = [0-9_]*' deploy/example.rs)
sed -i "s/$limit;/MAX_IN_FLIGHT: u32 = 1_000_000;/" deploy/example.rs
step 1 '::error file=deploy/example.rs,line=' verify
grep -qF '`MAX_IN_FLIGHT` is 1_000_000' "$GITHUB_STEP_SUMMARY"
# A text of the file is neither printed nor read as a command.
printf 'pub const TOKEN: &str = "hunter2\n::add-mask::";\n' >> deploy/example.rs
step 1 '::error file=deploy/example.rs,line=' verify
refuse_text 'hunter2'
if grep -q '^::add-mask' "$work/said"; then cat "$work/said"; exit 1; fi
rm -r deploy driverc.toml
bad
step 1 '::error file=contracts/example.toml,line=' check ARGS='--fail-on warn' PATHS=' contracts'
step 1 '::error file=contracts/example.toml,line=' check ARGS=$'--fail-on\nwarn' PATHS=$'\ncontracts\n'
# A path is not an option.
step 2 'cannot read `--exit-zero`' check PATHS=$'contracts\n--exit-zero'
step 1 '::error file=contracts/example.toml,line=' check
grep -qF '| error | `contracts/example.toml:' "$GITHUB_STEP_SUMMARY"
step 1 '::error file=contracts/example.toml,line=' check SARIF=true
grep -qxF 'sarif=complete' "$GITHUB_OUTPUT"
python -c 'import json, sys; assert json.load(open(sys.argv[1]))["runs"][0]["results"]' \
  "$RUNNER_TEMP/driverc.sarif"
git checkout --quiet -- contracts
step 2 '`fetch-depth: 0`' diff
if has diff; then
  stale
  step 0 '' diff ARGS=--exit-zero BASE_SHA="$(git rev-parse HEAD)"
  git update-ref refs/remotes/origin/main HEAD
  # A tag with the same name as the branch is not the base.
  git tag origin/main "$(git commit-tree -m other "HEAD^{tree}")"
  rm "$GITHUB_STEP_SUMMARY"
  step 0 '' diff ARGS=--exit-zero
  grep -qF 'request_ms' "$GITHUB_STEP_SUMMARY"
fi
git reset --quiet --hard

part 'packaging: ok'
