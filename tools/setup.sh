#!/usr/bin/env bash
# Prepares everything that `make run` and `make test` need, and only what is missing.
# usage: tools/setup.sh [--dev]    (--dev: also the tools for tests and checks)
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\033[1m· %s\033[0m\n' "$*" >&2; }

# Python 3.10, in this order: what `python` is here (pyenv reads .python-version), python3.10, uv.
find_python() {
  local candidate
  for candidate in python python3.10 python3; do
    # Debian gives a Python without what makes a virtual environment.
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  find_uv >/dev/null && "$(find_uv)" python find 3.10 2>/dev/null && return
  install_uv || return
  # What is fetched stays in this folder, too.
  export UV_PYTHON_INSTALL_DIR="$PWD/.uv/python"
  "$(find_uv)" python install --no-bin --no-progress 3.10 >&2 && "$(find_uv)" python find 3.10
}

find_uv() {
  if command -v uv; then return; fi
  [ -x .uv/bin/uv ] && echo .uv/bin/uv
}

install_uv() {
  find_uv >/dev/null && return
  say "No Python 3.10 here: fetching one, by uv, into .uv/"
  if python3 -c 'import venv, ensurepip' 2>/dev/null; then
    python3 -m venv .uv && .uv/bin/pip install -q uv >&2
  else
    python3 -m pip install -q --target .uv uv >&2
  fi
}

give_up() {
  cat >&2 <<'WHY'
Python 3.10 was not found and could not be fetched (the reason stands above). Any of these helps; then run it again:
  pyenv install 3.10
  sudo apt install python3-venv    (Debian, Ubuntu: lets this script fetch uv and, by it, Python 3.10)
  brew install python@3.10         (macOS)
WHY
  exit 1
}

is_installed() { # lock file
  cmp -s "$1" ".venv/.installed-$1"
}

install() { # lock file
  say "Installing $1 into .venv/ (two minutes or so the first time)"
  if find_uv >/dev/null; then
    VIRTUAL_ENV="$PWD/.venv" "$(find_uv)" pip install -q --require-hashes -r "$1"
  else
    # The deprecation notice is about old packages that rasa needs; their builds are pinned.
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1" 2> >(grep -v DEPRECATION >&2)
  fi
  cp "$1" ".venv/.installed-$1"
}

# Asked once for each version of Playwright. Where none can be had, the tests that need one are
# left out, with one counted line.
fetch_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return; fi
  done
  say "No Chromium here: fetching one for the tests of the pages"
  .venv/bin/python -m playwright install chromium >/dev/null 2>&1 || say "None could be fetched: those tests are left out"
}

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
  python=$(find_python) || give_up
  say "Making .venv/ with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
fi
is_installed requirements.txt || install requirements.txt
if [ "${1:-}" = --dev ] && ! is_installed requirements-dev.txt; then
  install requirements-dev.txt
  fetch_browser
fi

.venv/bin/python -m bot train >&2
.venv/bin/python -m bot migrate >&2
