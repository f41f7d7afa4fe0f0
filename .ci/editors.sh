#!/usr/bin/env bash
# Runs the TOML tools of editors on the contracts, on the fixtures and in a session.
# Needs Python 3 with `venv`. `pip` downloads the tools once; nothing else uses the network.
# `UPDATE=1 .ci/editors.sh` writes the list of differences between a tool and the schema.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

environment=target/editors
schema="$PWD/schema/contracts.schema.json"
odd=.ci/editors.txt

tombi() { "$environment/bin/tombi" "$@" --offline --quiet; }
taplo() { RUST_LOG=error "$environment/bin/taplo" "$@"; }

# Checks that the contracts are valid and formatted.
accept_contracts() {
  tombi lint --error-on-warnings contracts tombi.toml
  tombi format --check contracts tombi.toml
  taplo lint contracts/*.toml
}

# Copies the fixtures to a folder in which every document has the schema.
gather_fixtures() {
  local folder=$1
  cp -r tests/fixtures/invalid/. "$folder"
  printf '[[schemas]]\npath = "%s"\ninclude = ["**/*.toml"]\n' "$schema" > "$folder/tombi.toml"
}

# Prints the fixtures for which a tool and the schema disagree.
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

# Checks that the tools disagree with the schema only where `odd` says so.
check_fixtures() {
  local folder
  folder=$(mktemp -d)
  gather_fixtures "$folder"
  {
    echo '# Fixtures for which this version of a tool disagrees with the schema.'
    compare_fixtures "$folder"
  } > "$folder/odd.txt"
  if [[ -n ${UPDATE:-} ]]; then cp "$folder/odd.txt" "$odd"; fi
  diff -u "$odd" "$folder/odd.txt"
  rm -r "$folder"
}

# Checks that the tools accept a project with its own words and with templates.
accept_project() {
  local folder document
  folder=$(mktemp -d)
  cp -r .ci/project/. "$folder"
  (cd "$folder" && "$OLDPWD/target/debug/driverc" check && "$OLDPWD/target/debug/driverc" schema -o schema)
  (cd "$folder" && "$OLDPWD/$environment/bin/tombi" lint --offline --quiet --error-on-warnings contracts)
  taplo lint --no-auto-config --schema "file://$folder/schema/contracts.schema.json" "$folder"/contracts/*.toml
  for document in "$folder"/mistakes/*.toml; do
    if (cd "$folder" && "$OLDPWD/$environment/bin/tombi" lint --offline --quiet "$document") > /dev/null 2>&1; then
      echo "tombi accepts $document"; exit 1
    fi
    if taplo lint --no-auto-config --schema "file://$folder/schema/contracts.schema.json" "$document" > /dev/null 2>&1; then
      echo "taplo accepts $document"; exit 1
    fi
  done
  rm -r "$folder"
}

source .ci/python.sh
install_packages "$environment" .ci/editors-requirements.txt
cargo build --locked --quiet
accept_contracts
accept_project
check_fixtures
python3 .ci/lsp.py tombi "$environment/bin/tombi"
python3 .ci/lsp.py taplo "$environment/bin/olpat"
