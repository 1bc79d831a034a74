#!/usr/bin/env bash
# Brings a machine with git, make and Rust to where Anteroom can be built (run) and tested (test).
# Looks before it installs, so a second call takes about a second.
#   .make/setup.sh [run|test]
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly MIN_RUST=1.95.0 MIN_NODE=18
PURPOSE=${1:-run}

check_rust() {
  if ! have rustc || ! have cargo; then
    fail "Rust is not installed." "install it from https://rustup.rs ($MIN_RUST or newer), then repeat."
  fi
  local version
  version=$(rustc --version | awk '{ print $2 }')
  version_at_least "${version%%-*}" "$MIN_RUST" || fail "Rust $version is too old; $MIN_RUST is needed." \
    "run 'rustup update stable', then repeat."
}

node_is_recent() { have node && (($(node -p 'process.versions.node.split(".")[0]') >= MIN_NODE)); }

has_fonts() {
  compgen -G '/usr/share/fonts/truetype/noto/NotoSans-*.ttf' >/dev/null ||
    compgen -G '/usr/share/fonts/truetype/liberation*/LiberationSans-*.ttf' >/dev/null
}

missing_packages() {
  [[ -s /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
  have cc || echo gcc
  # gcc only recommends the C library's headers, and recommendations are switched off.
  [[ -e /usr/include/stdio.h ]] || echo libc6-dev
  have pkg-config || echo pkg-config
  [[ -n $(postgres_bin) ]] || echo postgresql
  node_is_recent || echo nodejs
  have npm || echo npm
  if is_root && ! have runuser; then echo util-linux; fi
  if [[ $PURPOSE == test ]]; then
    [[ -n $(chromium_path) ]] || echo chromium
    has_fonts || echo fonts-noto-core
  fi
}

# Debian starts a cluster the moment Postgres is installed. Anteroom runs a private one, so say no beforehand;
# where the file exists it is somebody's choice and stays.
decline_debian_cluster() {
  local file=/etc/postgresql-common/createcluster.conf
  [[ -e $file ]] && return
  as_root mkdir -p "$(dirname "$file")"
  echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  if have apt-get && [[ " ${missing[*]} " == *" postgresql "* ]]; then decline_debian_cluster; fi
  apt_install "${missing[@]}"
  node_is_recent || fail "Node $(node --version) is too old; version $MIN_NODE is needed." \
    "install a newer Node (https://nodejs.org), then repeat."
  if [[ $PURPOSE == test && -z $(chromium_path) ]]; then
    fail "no Chromium was found after the installation (Ubuntu's package only points at a snap)." \
      "'sudo snap install chromium', or install Google Chrome, or set ANTEROOM_CHROMIUM to its path, then repeat."
  fi
}

# Postgres refuses to run as root. In a container, where all is root, it runs as this user instead.
ensure_system_user() {
  is_root || return 0
  getent passwd anteroom >/dev/null && return 0
  say "Making the system user 'anteroom' (Postgres does not run as root)"
  useradd --system --user-group --no-create-home --home-dir /var/lib/anteroom --shell /usr/sbin/nologin anteroom
}

ensure_wasm_bindgen() {
  local want cli="$TOOLS/bin/wasm-bindgen"
  want=$(locked_version wasm-bindgen)
  [[ -n $want ]] || fail "Cargo.lock names no wasm-bindgen." "run 'git checkout Cargo.lock', then repeat."
  [[ -x $cli && $("$cli" --version) == "wasm-bindgen $want" ]] && return 0
  if have wasm-bindgen && [[ $(wasm-bindgen --version) == "wasm-bindgen $want" ]]; then
    mkdir -p "$TOOLS/bin"
    ln -sf "$(command -v wasm-bindgen)" "$cli"
    return 0
  fi
  say "Building the wasm-bindgen tool, version $want (two or three minutes, once)"
  install_wasm_bindgen "$want" --locked || {
    # The tool's own lock file can name a crate that the registry in use does not have yet.
    note "That did not work with the tool's own lock file; trying without it."
    install_wasm_bindgen "$want" || fail "wasm-bindgen $want could not be installed." \
      "check the network, or install that exact version yourself and put it on the path, then repeat."
  }
  rm -rf "$TOOLS/build"
}

# A quick compile matters more here than a quick tool: it runs for a second per build.
install_wasm_bindgen() {
  local version=$1
  shift
  logged env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install wasm-bindgen-cli --version "$version" --root "$TOOLS" --target-dir "$TOOLS/build" --force "$@"
}

# Cuts the pages' parts out (app/src/shell/part.rs). It has to match the crate that marks where.
ensure_wasm_split() {
  local version=0.2.4 mark=$TOOLS/wasm-split.version
  [[ -x $TOOLS/bin/wasm-split-cli && -f $mark && $(<"$mark") == "$version" ]] && return 0
  say "Building the tool that cuts pages into parts, version $version (a minute, once)"
  install_wasm_split "$version" --locked || install_wasm_split "$version" ||
    fail "wasm_split_cli_support $version could not be installed." "check the network, then repeat."
  echo "$version" >"$mark"
  rm -rf "$TOOLS/build"
}

install_wasm_split() {
  local version=$1
  shift
  logged env CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install wasm_split_cli_support --version "$version" \
    --features build-binary --root "$TOOLS" --target-dir "$TOOLS/build" --force "$@"
}

ensure_node_modules() {
  local lock=end2end/package-lock.json copy=end2end/node_modules/.installed-lock
  cmp -s "$lock" "$copy" && return 0
  say "Installing the Node packages of end2end/ (no browser is downloaded)"
  logged npm ci --prefix end2end --no-audit --no-fund --ignore-scripts ||
    fail "npm could not install the packages of end2end/." "check the network, then repeat."
  cp "$lock" "$copy"
}

# A minimal rustup profile has neither; without the network they stay away, and test.sh says so.
ensure_lints() {
  local part
  if grep -q '^WASM_TARGET_FROM=debian$' "$WASM_ENV" && [[ ! -x /usr/bin/cargo-clippy ]]; then
    apt_install rust-web-clippy
  fi
  have rustup || return 0
  for part in clippy rustfmt; do
    cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 && continue
    say "Adding $part"
    logged timeout 120 rustup component add "$part" || note "$part could not be added; its checks will be skipped."
  done
}

case $PURPOSE in run | test) ;; *) fail "unknown purpose '$PURPOSE'." "say 'run' or 'test'." ;; esac
say "Checking what is installed"
check_rust
install_packages
ensure_system_user
.make/wasm-target.sh
.make/lean.sh
ensure_wasm_bindgen
ensure_wasm_split
ensure_node_modules
if [[ $PURPOSE == test ]]; then ensure_lints; fi
