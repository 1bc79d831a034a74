#!/usr/bin/env bash
# Runs property tests with cases that were never drawn before, then seeds of the sync simulation that were never run,
# and adds these to the ledger app/sync/seeds.tsv.
#   .make/seeds.sh [HOW_MANY]
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly LEDGER=app/sync/seeds.tsv
COUNT=${1:-20000}

say "Drawing new cases for the property tests"
PROPTEST_RNG_SEED=$(od -An -N6 -tu8 /dev/urandom | tr -d ' ')
export PROPTEST_RNG_SEED
PROPTEST_CASES=${PROPTEST_CASES:-10000} cargo test "${LOCKED[@]}" -p domain -p sync --tests ||
  fail "a property does not hold." "repeat it with PROPTEST_RNG_SEED=$PROPTEST_RNG_SEED, and mend what it shows."
say "Building the simulator"
cargo build --release "${LOCKED[@]}" -p server
next=$(awk -F '\t' 'NR > 1 { last = $2 + $3 } END { print last + 0 }' "$LEDGER")
say "Simulating $COUNT seeds from $next"
line=$(target/release/anteroom simulate --seeds "$COUNT" --start "$next" --threads "$(nproc)" | tee /dev/stderr | tail -n 1) ||
  fail "a seed failed: nothing was added to the ledger." "replay it with the command above, and mend what it shows."
printf '%s\t%s\t%s\t%s\n' "$(date -u +%F)" "$next" "$COUNT" "$line" >>"$LEDGER"
note "in all: $(awk -F '\t' 'NR > 1 { sum += $3 } END { print sum }' "$LEDGER") seeds"
