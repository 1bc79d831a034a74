#!/usr/bin/env bash
# Runs seeds of the sync simulation that were never run before, and adds them to the ledger app/sync/seeds.tsv.
#   .make/seeds.sh [HOW_MANY]
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly LEDGER=app/sync/seeds.tsv
COUNT=${1:-20000}

say "Building the simulator"
cargo build --release "${LOCKED[@]}" -p server
next=$(awk -F '\t' 'NR > 1 { last = $2 + $3 } END { print last + 0 }' "$LEDGER")
say "Simulating $COUNT seeds from $next"
line=$(target/release/anteroom simulate --seeds "$COUNT" --start "$next" --threads "$(nproc)" | tee /dev/stderr | tail -n 1) ||
  fail "a seed failed: nothing was added to the ledger." "replay it with the command above, and mend what it shows."
printf '%s\t%s\t%s\t%s\n' "$(date -u +%F)" "$next" "$COUNT" "$line" >>"$LEDGER"
note "in all: $(awk -F '\t' 'NR > 1 { sum += $3 } END { print sum }' "$LEDGER") seeds"
