#!/usr/bin/env bash
# What the tools for TOML inside editors make of the contracts, of the fixtures, and of a session.
# Needs Python 3 with `venv`; `pip` gets the tools once, and nothing else asks the network.
# `UPDATE=1 .ci/editors.sh` writes the list of what a tool sees otherwise than the schema says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

environment=target/editors
schema="$PWD/schema/contracts.schema.json"
odd=.ci/editors.txt

install() {
  if cmp --quiet .ci/editors-requirements.txt "$environment/requirements.txt"; then return; fi
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement .ci/editors-requirements.txt
  cp .ci/editors-requirements.txt "$environment/requirements.txt"
}

tombi() { "$environment/bin/tombi" "$@" --offline --quiet; }
taplo() { RUST_LOG=error "$environment/bin/taplo" "$@"; }

# The contracts have no mistake, and their layout is that of the formatter.
accept_contracts() {
  tombi lint --error-on-warnings contracts tombi.toml
  tombi format --check contracts tombi.toml
  taplo lint contracts/*.toml
}

# A folder in which every document has the schema.
gather_fixtures() {
  local folder=$1
  cp -r tests/fixtures/invalid/. "$folder"
  printf '[[schemas]]\npath = "%s"\ninclude = ["**/*.toml"]\n' "$schema" > "$folder/tombi.toml"
}

# Each fixture is refused exactly if the schema refuses it; what is otherwise is printed.
compare_fixtures() {
  local folder=$1 seen name
  while read -r seen name; do
    if [[ $seen == '#' || $seen == toml || -d $folder/$name ]]; then continue; fi
    compare_one tombi "$seen" "$name" "$folder"
    compare_one taplo "$seen" "$name" "$folder"
  done < tests/fixtures/schema.txt
}

compare_one() {
  local tool=$1 seen=$2 name=$3 folder=$4 verdict=refuses
  if "lint_with_$tool" "$folder" "$name" > /dev/null 2>&1; then verdict=accepts; fi
  if [[ $seen == schema && $verdict == accepts || $seen == driverc && $verdict == refuses ]]; then
    printf '%s %s %s\n' "$(sed -n "s/^$tool==/$tool /p" .ci/editors-requirements.txt)" "$verdict" "$name"
  fi
}

lint_with_tombi() { (cd "$1" && "$OLDPWD/$environment/bin/tombi" lint --offline --quiet "$2"); }
lint_with_taplo() { taplo lint --no-auto-config --schema "file://$schema" "$1/$2"; }

# The tools agree with the schema but for what is listed.
check_fixtures() {
  local folder
  folder=$(mktemp -d)
  gather_fixtures "$folder"
  {
    echo '# Where a tool, in this version, does not say of a fixture what the schema says.'
    compare_fixtures "$folder"
  } > "$folder/odd.txt"
  if [[ -n ${UPDATE:-} ]]; then cp "$folder/odd.txt" "$odd"; fi
  diff -u "$odd" "$folder/odd.txt"
  rm -r "$folder"
}

install
accept_contracts
check_fixtures
python3 .ci/lsp.py tombi "$environment/bin/tombi"
python3 .ci/lsp.py taplo "$environment/bin/olpat"
