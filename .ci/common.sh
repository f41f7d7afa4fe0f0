# Functions and settings of the scripts that test what users run. Source it at the root of the
# repository. It creates a folder, `$work`, and deletes it at the end.
#
# shellcheck shell=bash

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ignores the user's configuration.
export PRE_COMMIT_HOME=$work/home PREK_HOME=$work/prek PRE_COMMIT_COLOR=never
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

# Checks that the last command of `expect` did not print a text.
refuse_text() {
  if grep -qF -- "$1" "$work/said"; then
    printf 'unexpected output: %s\n' "$1"
    cat "$work/said"
    exit 1
  fi
}

# Installs tools as pinned in `.ci/packaging-requirements.txt`, and builds driverc.
install_tools() {
  local tool pinned=()
  for tool in "$@"; do
    pinned+=("$(grep "^$tool==" .ci/packaging-requirements.txt)")
  done
  python3 -m venv "$work/tools"
  "$work/tools/bin/pip" install --quiet --disable-pip-version-check "${pinned[@]}"
  cargo build --quiet --locked
  PATH=$work/tools/bin:$root/target/debug:$PATH
}

# Creates a repository with the hooks, which run the binary in `PATH` instead of building one.
create_hooks() {
  version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q;}' "$root/Cargo.toml")
  mkdir "$work/hooks"
  sed 's/^  language: rust$/  language: system/' "$root/.pre-commit-hooks.yaml" \
    > "$work/hooks/.pre-commit-hooks.yaml"
  git -C "$work/hooks" init --quiet
  git -C "$work/hooks" add --all
  git -C "$work/hooks" commit --quiet --message 'The hooks'
  git -C "$work/hooks" tag "v$version"
}
