#!/usr/bin/env bash
# Tests the tests: puts deliberate faults into the sync engine and its harness, one at a time, and lists which the
# simulation catches. Fails when one is missed.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

say "Looking for deliberate faults (some minutes)"
cargo test "${LOCKED[@]}" --release -p sync --test simulation -- --nocapture every_deliberate_fault 2>&1 |
  tee "$ROOT/target/mutants.txt" | grep -E '^(caught|MISSED) ' || true
note "caught: $(grep -c '^caught ' "$ROOT/target/mutants.txt"), missed: $(grep -c '^MISSED ' "$ROOT/target/mutants.txt" || true)"
grep -q '^test result: ok' "$ROOT/target/mutants.txt" || fail "a deliberate fault was missed." "see target/mutants.txt."
