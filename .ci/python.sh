# Installs Python packages. Source it at the root of the repository.
#
# shellcheck shell=bash

# Creates an environment in a folder with the packages of a file, unless it has them.
install_packages() {
  local environment=$1 requirements=$2
  if cmp --quiet "$requirements" "$environment/requirements.txt"; then return; fi
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$environment/requirements.txt"
}
