#!/usr/bin/env bash
# Finds out whether the pages can be built with a standard library of their own, and notes it in target/wasm-lean.
#
# Rust's ready-made standard library carries the words of every panic into the page. Built from its source without
# them, a page is a tenth smaller; a panic stops it all the same (frontend/public/boot.js covers the page and says
# where). It takes the library's source and switches that stable compilers keep behind RUSTC_BOOTSTRAP, so it is tried
# once on an empty crate. Without it the pages are built as usual, and are larger.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly PROBE=$ROOT/target/lean-probe

source_is_here() (
  set -a
  # shellcheck source=/dev/null
  . "$WASM_ENV"
  set +a
  [[ -f $(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock ]]
)

get_source() {
  source_is_here && return 0
  have rustup && ! grep -q '^WASM_TARGET_FROM=debian$' "$WASM_ENV" || return 1
  say "Adding the standard library's source with rustup"
  logged timeout 180 rustup component add rust-src && source_is_here
}

probe() {
  say "Trying a standard library without panic messages (half a minute, once)"
  rm -rf "$PROBE"
  mkdir -p "$PROBE/src"
  printf '[package]\nname = "probe"\nversion = "0.0.0"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n' >"$PROBE/Cargo.toml"
  printf '#[unsafe(no_mangle)]\npub extern "C" fn probe(n: usize) -> usize { vec![n; n].len() }\n' >"$PROBE/src/lib.rs"
  # No lock file of ours is asked for: the probe has no dependencies but the library's own.
  LOCKED=() lean_cargo build --release --manifest-path "$PROBE/Cargo.toml" >>"$SETUP_LOG" 2>&1
}

compiler() (
  set -a
  # shellcheck source=/dev/null
  . "$WASM_ENV"
  set +a
  rustc -vV | tr '\n' ' '
)

here=$(compiler)
[[ -f $LEAN && $(<"$LEAN") == *" $here" ]] && exit 0
if get_source && probe; then
  echo "yes $here" >"$LEAN"
else
  echo "no $here" >"$LEAN"
  note "this compiler gives no lean standard library: the pages will be about 40 KB larger (see target/setup.log)."
fi
rm -rf "$PROBE"
