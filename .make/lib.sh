# Shared by the scripts in this folder; sourced, never run.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# A shell that is not a login shell (CI, cron) may not have rustup's folder on its path.
if [[ ":$PATH:" != *":$HOME/.cargo/bin:"* && -d $HOME/.cargo/bin ]]; then
  PATH="$HOME/.cargo/bin:$PATH"
fi
# Chromium, runuser and friends may live in sbin, which a normal user's path lacks.
PATH="$PATH:/usr/sbin:/sbin"
export PATH

# The README and the scripts name files under target/, so nobody's own setting may move it.
export CARGO_TARGET_DIR="$ROOT/target"
unset CARGO_BUILD_TARGET

LOCKED=()
if [[ ${CI:-} == true ]]; then
  # Nothing is built twice in CI: incremental files only cost disk. A lock file that is out of date is a fault.
  export CARGO_INCREMENTAL=0
  LOCKED=(--locked)
fi

TOOLS="$ROOT/target/tools"
WASM_TRIPLE=wasm32-unknown-unknown
WASM_ENV="$ROOT/target/wasm-toolchain.env"
LEAN="$ROOT/target/wasm-lean"
SETUP_LOG="$ROOT/target/setup.log"
mkdir -p "$ROOT/target"

say() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }

# fail "what happened" ["what to do next"]
fail() {
  printf '\nStopped: %s\n' "$1" >&2
  if [[ -n ${2:-} ]]; then printf 'What to do: %s\n' "$2" >&2; fi
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [[ $(id -u) -eq 0 ]]; }

as_root() {
  if is_root; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    fail "this needs administrator rights, and sudo is not installed: $*" \
      "run that command as root, then repeat."
  fi
}

# Runs a long, chatty command with its output in a log; shows the end of it only when it fails.
logged() {
  printf '\n$ %s\n' "$*" >>"$SETUP_LOG"
  "$@" >>"$SETUP_LOG" 2>&1 </dev/null && return 0
  note "The last lines of target/setup.log:"
  tail -n 15 "$SETUP_LOG" | sed 's/^/    | /' >&2
  return 1
}

apt_install() {
  have apt-get || fail "these packages are missing: $*" \
    "this is not Debian or Ubuntu; install their counterparts with your own package manager, then repeat."
  is_root || have sudo || fail "these packages are missing, and sudo is not installed: $*" \
    "as root: apt-get update && apt-get install --no-install-recommends $*; then repeat."
  # Ask for the password now: further down the output goes to a log and a prompt would not be seen.
  is_root || sudo true
  if [[ -z ${ANTEROOM_APT_UPDATED:-} ]]; then
    logged as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 update ||
      note "apt-get update failed; trying with the lists that are here."
    export ANTEROOM_APT_UPDATED=1
  fi
  say "Installing: $*"
  # confold: a settings file that is already there is somebody's choice, and a question would hang CI.
  logged as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 \
    -o Dpkg::Options::=--force-confold install --no-install-recommends "$@" ||
    fail "apt-get could not install: $*" \
      "check the network and 'apt-get update', or install these packages by hand, then repeat."
}

# version_at_least HAVE WANT
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# The folder with initdb and postgres, newest version first; empty when there is none.
postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1) || true
  if [[ -n $newest ]]; then
    dirname "$newest"
  elif have pg_config && [[ -x $(pg_config --bindir)/initdb ]]; then
    pg_config --bindir
  fi
}

chromium_path() {
  local name
  if [[ -n ${ANTEROOM_CHROMIUM:-} ]]; then
    echo "$ANTEROOM_CHROMIUM"
    return
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if have "$name"; then
      command -v "$name"
      return
    fi
  done
}

# The version in Cargo.lock of one crate. The wasm-bindgen tool must match it to the digit.
locked_version() {
  awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

# Cargo for the browser: the compiler that wasm-target.sh chose, in a target folder of its own so that
# the `csr` and `ssr` halves never share a build.
wasm_cargo() (
  # Any of these would replace the flags in .cargo/config.toml that give getrandom the browser's randomness.
  unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS
  set -a
  # shellcheck source=/dev/null
  . "$WASM_ENV"
  set +a
  local verb=$1
  shift
  # `--target-dir` has to stand before a possible `-- -D warnings`.
  exec cargo "$verb" --target "$WASM_TRIPLE" --target-dir "$ROOT/target/front" "$@"
)

# The same with a standard library built beside it, without the words of panics and debug output; see lean.sh.
lean_cargo() (
  unset RUSTFLAGS CARGO_BUILD_RUSTFLAGS
  set -a
  # shellcheck source=/dev/null
  . "$WASM_ENV"
  RUSTC_BOOTSTRAP=1
  # These stand in for the flags in .cargo/config.toml, and repeat them. Hashing is done of photos only, once each: the
  # small code does.
  CARGO_ENCODED_RUSTFLAGS=$(
    IFS=$'\x1f'
    flags=(--cfg 'getrandom_backend="wasm_js"' --cfg erase_components --cfg 'sha2_backend_soft="compact"'
      -Clink-arg=--emit-relocs -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none)
    printf '%s' "${flags[*]}"
  )
  set +a
  local verb=$1
  shift
  exec cargo "$verb" -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size \
    --target "$WASM_TRIPLE" --target-dir "$ROOT/target/front" "$@"
)

is_lean() { [[ -f $LEAN && $(<"$LEAN") == yes* ]]; }
