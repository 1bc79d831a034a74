#!/usr/bin/env bash
# Measures a release build. Figures depend on the machine: quote them together with it.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

print_machine() {
  note "machine: $(nproc) cores, $(awk '/MemTotal/ { printf "%.1f GB", $2 / 1048576 }' /proc/meminfo) memory, $(uname -sr)"
  note "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
}

stop_postgres() { .make/postgres.sh stop; }

[[ -f end2end/bench/run.mjs ]] || fail "end2end/bench/run.mjs is missing: there is nothing to measure with." \
  "check that the checkout is complete ('git status')."
.make/setup.sh test
.make/build.sh
trap stop_postgres EXIT
database=$(.make/postgres.sh start)
eval "$database"
ANTEROOM_CHROMIUM=$(chromium_path)
export ANTEROOM_CHROMIUM ANTEROOM_BIN="$ROOT/target/release/anteroom" ANTEROOM_SITE="$ROOT/target/site"
say "Measuring"
print_machine
npm --prefix end2end run --silent bench || fail "the measurement broke off." "see the message above."
