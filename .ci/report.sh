#!/usr/bin/env bash
# Opens the page of `driverc report` in a browser.
# Needs Rust, Node 18 or newer with `npm`, and Chromium, which it installs from Debian's packages if
# it is missing. `npm` downloads the tools once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=target/report
browser=

# Installs the tools in the versions of `.ci/report.json`.
install_tools() {
  if cmp --quiet .ci/report.json "$tools/package.json"; then return; fi
  mkdir -p "$tools"
  rm -rf "$tools/node_modules" "$tools/package.json"
  # `--ignore-scripts` keeps the packages from running code during the installation.
  cp .ci/report.json "$tools/wanted.json"
  npm install --prefix "$tools" --no-save --ignore-scripts --no-audit --no-fund --silent \
    "axe-core@$(version axe-core)" "playwright-core@$(version playwright-core)"
  mv "$tools/wanted.json" "$tools/package.json"
}

version() {
  sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" .ci/report.json
}

find_browser() {
  browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
}

install_browser() {
  local as_root=()
  find_browser
  if [[ -n $browser ]]; then return; fi
  if [[ $(id -u) != 0 ]]; then as_root=(sudo --non-interactive); fi
  "${as_root[@]}" apt-get update --quiet=2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 \
    --no-install-recommends chromium > /dev/null
  find_browser
}

install_tools
install_browser
cargo build --quiet
node .ci/report.mjs "$browser" target/debug/driverc "$tools"
