#!/usr/bin/env bash
# Builds the two browser pages (kiosk and staff) into target/site. Does nothing when nothing changed.
#   .make/page.sh [release|dev]
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

PROFILE=${1:-release}
STAMP=target/page.stamp
case $PROFILE in
  release) CARGO_PROFILE=wasm-release FOLDER=wasm-release FLAGS=(--check-size) ;;
  # Quick to build and far too big to ship: no size check.
  dev) CARGO_PROFILE=dev FOLDER=debug FLAGS=() ;;
  *) fail "unknown profile '$PROFILE'." "say 'release' or 'dev'." ;;
esac

sources() {
  local path
  for path in app frontend style Cargo.toml Cargo.lock .cargo .make/page.mjs .make/page.sh .make/lib.sh "$LEAN" \
    "$WASM_ENV" end2end/package-lock.json; do
    if [[ -e $path ]]; then echo "$path"; fi
  done
}

# Folders are compared too: deleting or renaming a file changes only its folder's time.
is_up_to_date() {
  [[ -f target/site/build.json && -f $STAMP && $(<"$STAMP") == "$PROFILE" ]] || return 1
  local paths newer
  mapfile -t paths < <(sources)
  newer=$(find "${paths[@]}" -newer "$STAMP" -print -quit)
  [[ -z $newer ]]
}

# Cuts the parts (app/src/shell/part.rs) out of a page, and writes the glue of what is left.
bind() {
  local page=$1 out=target/bindgen/$1 cut=target/bindgen/$1.cut
  rm -rf "$out" "$cut"
  "$TOOLS/bin/wasm-split-cli" --out-name "$page" "target/front/$WASM_TRIPLE/$FOLDER/$page.wasm" "$cut"
  "$TOOLS/bin/wasm-bindgen" --target web --no-typescript --keep-lld-exports --out-name "$page" --out-dir "$out" \
    "$cut/$page.wasm"
  rm "$cut/$page.wasm"
  mv "$cut" "$out/parts"
}

if is_up_to_date; then
  note "pages: up to date"
  exit 0
fi
[[ -f $WASM_ENV && -x $TOOLS/bin/wasm-bindgen && -x $TOOLS/bin/wasm-split-cli && -d end2end/node_modules ]] ||
  fail "the tools for the browser pages are not set up." "run '.make/setup.sh', or 'make run' which calls it."
# Taken before the build, so that a file saved while it runs is seen by the next one.
echo "$PROFILE" >"$STAMP.new"

say "Building the browser pages ($PROFILE)"
BUILD=wasm_cargo
if [[ $PROFILE == release ]] && is_lean; then
  BUILD=lean_cargo
  FLAGS+=(--lean)
fi
$BUILD build "${LOCKED[@]}" -p kiosk -p staff --profile "$CARGO_PROFILE" ||
  fail "the browser pages do not compile." "see the compiler's message above."
bind kiosk
bind staff
node .make/page.mjs --profile "$PROFILE" --bindgen target/bindgen/kiosk target/bindgen/staff \
  --wasm-opt end2end/node_modules/.bin/wasm-opt --out target/site "${FLAGS[@]}" ||
  fail "the pages could not be put together, or are larger than allowed." "see the message above."
mv "$STAMP.new" "$STAMP"
