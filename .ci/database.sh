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

# Starts a private PostgreSQL with its files in this folder, this user and these options. The path of the
# folder must be short, because socket paths are limited to about 100 bytes.
start_database() {
  local folder=$1 user=$2
  shift 2
  if ((EUID == 0)); then chown postgres "$folder"; fi
  as_database "$folder" "$bin/initdb" --pgdata "$folder/data" --auth trust --username "$user" --no-sync > /dev/null
  database=$folder
  as_database "$folder" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait start \
    --options "-c unix_socket_directories=$folder -c fsync=off $*" > /dev/null
}

# Stops the database, if one was started.
stop_database() {
  if [[ -n ${database-} ]]; then
    as_database "$database" "$bin/pg_ctl" --pgdata "$database/data" --mode immediate stop > /dev/null || true
  fi
}
