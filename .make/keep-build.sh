#!/usr/bin/env bash
# Keeps the pages of this build for the test that lets an older build meet a newer server. Run it when a build ships:
# from then on, its devices are out there.
#   .make/keep-build.sh [SITE]
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

SITE=${1:-target/site}
KEPT=end2end/previous
[[ -f $SITE/build.json ]] || fail "there is no build in $SITE." "run '.make/page.sh release' first."
rm -rf "$KEPT"
mkdir -p "$KEPT"
cp "$SITE/build.json" "$KEPT/"
# The packed form where there is one: it is a third of the size.
node -e 'for (const { path } of require(process.argv[1]).files) console.log(path)' "$(realpath "$SITE/build.json")" |
  while read -r path; do
    mkdir -p "$KEPT$(dirname "$path")"
    if [[ -f $SITE$path.br ]]; then cp "$SITE$path.br" "$KEPT$path.br"; else cp "$SITE$path" "$KEPT$path"; fi
  done
say "Kept build $(sed -n 's/.*"build": "\([0-9a-f]*\)".*/\1/p' "$KEPT/build.json"): $(du -sh "$KEPT" | cut -f1)"
