#!/usr/bin/env bash
# Finds or makes the standard library for the browser, and writes to target/wasm-toolchain.env which compiler
# has it. Three ways, in this order:
#   present  the compiler in use has it already
#   rustup   rustup fetches it
#   debian   Debian's own compiler, with the library built from its source package (no download but Debian's)
# ANTEROOM_WASM_TARGET=present|rustup|debian tries that one alone.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly DEBIAN_SOURCE=/usr/lib/rustlib/src/rust/library
readonly DEBIAN_LIB=/usr/lib/rustlib/$WASM_TRIPLE/lib
readonly DEBIAN_STAMP=$DEBIAN_LIB/.built-for
readonly MIN_RUST=1.95.0

target_is_present() {
  local dir
  dir=$(rustc --print target-libdir --target "$WASM_TRIPLE" 2>/dev/null) || return 1
  compgen -G "$dir/libstd*.rlib" >/dev/null || return 1
  # Built by us for Debian's compiler: only good for that very compiler.
  [[ ! -f $dir/.built-for || $(<"$dir/.built-for") == "$(rustc -vV)" ]]
}

try_rustup() {
  have rustup || return 1
  say "Adding the wasm target with rustup"
  logged timeout 180 rustup target add "$WASM_TRIPLE" && target_is_present
}

# A security update may replace the compiler; a library built by another one is refused by it.
debian_is_ready() {
  [[ -x /usr/bin/rustc && -f $DEBIAN_STAMP && $(<"$DEBIAN_STAMP") == "$(/usr/bin/rustc -vV)" ]]
}

install_debian_compiler() {
  apt_install rustc-web cargo-web rust-web-src rust-web-llvm
  local version
  version=$(/usr/bin/rustc --version | awk '{ print $2 }')
  version_at_least "$version" "$MIN_RUST" || fail "Debian's compiler is $version; $MIN_RUST is needed." \
    "with a network, 'rustup target add $WASM_TRIPLE' is the shorter way."
  # rust-lld is a link to the linker of one LLVM version, which no package asks for by itself.
  [[ -x /usr/bin/rust-lld ]] || apt_install "$(basename "$(readlink /usr/bin/rust-lld)")"
}

build_debian_library() {
  local out="$ROOT/target/debian-std"
  say "Building the standard library for the browser from Debian's source (a minute or two, once)"
  rm -rf "$out"
  # The vendored sources lack what only the library's own tests need: hence avoid-dev-deps.
  # Steps are chained with && because `set -e` is off inside a function that is called as a condition.
  (
    cd "$DEBIAN_SOURCE/sysroot" || exit 1
    unset RUSTUP_TOOLCHAIN CARGO_ENCODED_RUSTFLAGS
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes"
    logged /usr/bin/cargo build --release --locked --offline -Zavoid-dev-deps \
      --config 'source.crates-io.replace-with="vendored-sources"' \
      --config "source.vendored-sources.directory=\"$DEBIAN_SOURCE/vendor\"" \
      --target "$WASM_TRIPLE" --features panic-unwind,compiler-builtins-mem --target-dir "$out"
  ) && as_root rm -rf "$DEBIAN_LIB" && as_root mkdir -p "$DEBIAN_LIB" &&
    as_root cp "$out/$WASM_TRIPLE"/release/deps/*.rlib "$DEBIAN_LIB/" &&
    /usr/bin/rustc -vV | as_root tee "$DEBIAN_STAMP" >/dev/null || return 1
  rm -rf "$out"
}

try_debian() {
  if ! debian_is_ready; then
    have apt-get || return 1
    # Ubuntu and other releases may not have these packages at all.
    [[ -x /usr/bin/rustc && -x /usr/bin/cargo && -d $DEBIAN_SOURCE/vendor && -x /usr/bin/rust-lld ]] || install_debian_compiler
    build_debian_library || return 1
  fi
  # With rustup, its `cargo` needs a name for that compiler; without it, `cargo` is Debian's already.
  if have rustup; then logged rustup toolchain link debian /usr; fi
}

# keep WAY [SETTING]: writes only what changed, so that a rebuild is not provoked.
keep() {
  local text="# Written by .make/wasm-target.sh: the compiler for the browser side.
WASM_TARGET_FROM=$1"
  if [[ -n ${2:-} ]]; then text+=$'\n'$2; fi
  [[ -f $WASM_ENV && $(<"$WASM_ENV") == "$text" ]] || printf '%s\n' "$text" >"$WASM_ENV"
  case $1 in
    present) note "wasm target: already there" ;;
    rustup) note "wasm target: added by rustup" ;;
    debian) note "wasm target: Debian's compiler, $(/usr/bin/rustc --version | cut -d' ' -f1,2)" ;;
  esac
}

keep_debian() { if have rustup; then keep debian RUSTUP_TOOLCHAIN=debian; else keep debian; fi; }

used_debian_before() { [[ -f $WASM_ENV ]] && grep -q '^WASM_TARGET_FROM=debian$' "$WASM_ENV"; }

readonly HELP="with a network, 'rustup target add $WASM_TRIPLE'; on Debian, see target/setup.log for what apt-get said."
# No way given: the first of the three that works.
first_way() {
  if target_is_present; then
    keep present
  elif used_debian_before && debian_is_ready && try_debian; then
    # Do not ask the network at every build what it could not give the first time.
    keep_debian
  elif try_rustup; then
    keep rustup
  elif try_debian; then
    keep_debian
  else
    fail "none of the three ways gave a compiler for $WASM_TRIPLE." "$HELP"
  fi
}

one_way() {
  local attempt=$1 record=$2
  if $attempt; then $record; else fail "the way '$ANTEROOM_WASM_TARGET' did not give $WASM_TRIPLE." "$HELP"; fi
}

case ${ANTEROOM_WASM_TARGET:-} in
  '') first_way ;;
  present) one_way target_is_present 'keep present' ;;
  rustup) one_way try_rustup 'keep rustup' ;;
  debian) one_way try_debian keep_debian ;;
  *) fail "ANTEROOM_WASM_TARGET is '$ANTEROOM_WASM_TARGET'." "use present, rustup or debian, or leave it out." ;;
esac
