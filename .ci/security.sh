#!/usr/bin/env bash
# Audits everything that runs on code hosts: the action, the hooks and all recipes in the docs.
# Needs Python 3.9 or newer with `venv`. `pip` downloads the tools once; nothing else uses the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=target/security
recipes=$(mktemp -d)
trap 'rm -rf "$recipes"' EXIT

# Reports every finding, even likely false positives. `.ci/zizmor.yml` and comments list the
# exceptions with their reasons.
audit() {
  "$tools/bin/zizmor" --offline --strict-collection --persona=auditor --no-progress --quiet \
    --color=never --config .ci/zizmor.yml --collect=all "$@"
}

# Checks that zizmor reports the faults of a bad workflow. Otherwise the audit above is meaningless.
try_audit() {
  local said
  cat > "$recipes/faulty.yml" <<'WORKFLOW'
on: pull_request_target
jobs:
  faulty:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: echo ${{ github.event.pull_request.title }}
WORKFLOW
  if said=$(audit "$recipes/faulty.yml"); then
    printf 'the audit passes a faulty workflow\n'
    exit 1
  fi
  for fault in artipacked dangerous-triggers excessive-permissions template-injection unpinned-uses; do
    if [[ $said != *"[$fault]"* ]]; then
      printf 'the audit does not report %s\n' "$fault"
      exit 1
    fi
  done
}

source .ci/python.sh
install_packages "$tools" .ci/security-requirements.txt
"$tools/bin/python" .ci/recipes.py recipes "$recipes/files" README.md SECURITY.md docs/*.md
mkdir "$recipes/steps"
"$tools/bin/python" .ci/recipes.py action action.yml "$recipes/steps"

audit action.yml .pre-commit-hooks.yaml "$recipes/files"
try_audit
"$tools/bin/shellcheck" .ci/run .ci/*.sh .ci/targets/*.sh "$recipes"/steps/*.sh "$recipes"/files/*.sh
