#!/usr/bin/env bash
# Says what is there and what is missing; changes nothing. Ends with 1 when something is missing.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

MISSING=0
HAS_STEP="'make run' installs it"

# line NAME FOUND HINT: FOUND empty means missing.
line() {
  if [[ -n $2 ]]; then
    printf '  ok       %-14s %s\n' "$1" "$2"
  else
    printf '  missing  %-14s %s\n' "$1" "$3"
    MISSING=1
  fi
}

first_line() { if have "$1"; then "$@" 2>/dev/null | head -n 1; fi; }

wasm_target() { if [[ -f $WASM_ENV ]]; then sed -n 's/^WASM_TARGET_FROM=//p' "$WASM_ENV"; fi; }

page_packages() { if [[ -f end2end/node_modules/.installed-lock ]]; then echo "end2end/node_modules"; fi; }

test_database() { .make/postgres.sh env 2>/dev/null | sed 's/^export TEST_DATABASE_URL=//' || true; }

line rust "$(first_line rustc --version)" "https://rustup.rs"
line compiler "$(first_line cc --version)" "$HAS_STEP"
line node "$(first_line node --version)" "$HAS_STEP"
line npm "$(first_line npm --version)" "$HAS_STEP"
line postgres "$(postgres_bin)" "$HAS_STEP"
line "wasm target" "$(wasm_target)" "$HAS_STEP"
line wasm-bindgen "$(first_line "$TOOLS/bin/wasm-bindgen" --version)" "$HAS_STEP"
line packages "$(page_packages)" "$HAS_STEP"
line chromium "$(chromium_path)" "only tests need it; 'make test' installs it"
if is_root; then line "user anteroom" "$(getent passwd anteroom || true)" "$HAS_STEP"; fi
printf '  disk     %s free here\n' "$(df -h --output=avail . | tail -n 1 | tr -d ' ')"
printf '  tests    database: %s\n' "$(test_database | grep . || echo 'not running (made for each test run)')"
if [[ -x target/release/anteroom ]]; then
  printf '\nThe server about itself:\n'
  target/release/anteroom doctor || MISSING=1
fi
exit "$MISSING"
