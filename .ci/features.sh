#!/usr/bin/env bash
# Builds the combinations of cargo features that docs/library.md lists. Checks their number of crates,
# including driverc: at most 35 without features, and at most 45 with `fs`.
# Needs the Rust toolchain.
#
# Backticks in single quotes are Markdown.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

most() {
  case $1 in
    '') echo 35 ;;
    fs) echo 45 ;;
    *) echo 1000 ;;
  esac
}

# Each item of the list starts with a combination.
mapfile -t combinations < <(sed -n '/^Cargo features:$/,/^Without /{s/^- `\([a-z, ]*\)`: .*/\1/p}' docs/library.md)
(( ${#combinations[@]} > 4 )) || { echo 'docs/library.md lists no feature combinations'; exit 1; }

for features in '' "${combinations[@]}"; do
  count=$(cargo tree --locked --edges normal --no-default-features --features "$features" --prefix none | sort -u | wc -l)
  printf '%-12s %s crates\n' "${features:-(none)}" "$count"
  if (( count > $(most "$features") )); then
    echo "the limit is $(most "$features") crates"
    exit 1
  fi
  RUSTFLAGS='-D warnings' cargo check --quiet --locked --no-default-features --features "$features" \
    --target-dir target/features
done
