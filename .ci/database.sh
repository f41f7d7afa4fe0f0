# Finds or installs PostgreSQL, and runs it as a user that is not root. Source it at the root of the
# repository.
#
# shellcheck shell=bash

# Prints the folder of the newest PostgreSQL. On Debian, most programs are not in PATH.
programs() {
  { find /usr/lib/postgresql -path '*/bin/initdb' 2> /dev/null || true; } \
    | sort --version-sort | tail -n 1 | xargs --no-run-if-empty dirname
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# Sets `bin` to the folder of PostgreSQL's programs. If a program is missing, installs these
# packages.
install_database() {
  local program=$1
  shift
  bin=$(programs)
  if [[ -z $bin || ! -x $bin/$program ]]; then
    printf 'installing PostgreSQL\n'
    as_root apt-get update > /dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" \
      > /dev/null
    bin=$(programs)
  fi
}

# Runs a command in a folder. PostgreSQL refuses to run as root, so root runs it as the user
# `postgres`.
as_database() {
  local folder=$1
  shift
  if ((EUID == 0)); then (cd "$folder" && runuser -u postgres -- "$@"); else (cd "$folder" && "$@"); fi
}
