#!/usr/bin/env bash
# Measures a release build. Figures depend on the machine: quote them together with it.
#   .make/bench.sh                 all
#   .make/bench.sh sync            the synchronisation alone, which needs no browser; it takes some minutes
#   .make/bench.sh browser         what is felt in a browser alone
#   .make/bench.sh desk            the front desk beside tens of thousands of appointments
# A quick look: ANTEROOM_BENCH_PATIENTS=500 ANTEROOM_BENCH_COMMANDS=400 ANTEROOM_BENCH_REPEATS=1 .make/bench.sh sync
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly ALL=(sync browser desk)
readonly PEERS=end2end/bench

print_machine() {
  note "machine: $(nproc) cores, $(awk '/MemTotal/ { printf "%.1f GB", $2 / 1048576 }' /proc/meminfo) memory, $(uname -sr)"
  note "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
}

stop_postgres() { .make/postgres.sh stop; }

# Only measured against, never shipped: they come when somebody measures. True when they are there.
ensure_peers() {
  local lock=$PEERS/package-lock.json copy=$PEERS/node_modules/.installed-lock
  cmp -s "$lock" "$copy" && return 0
  say "Installing PouchDB and express-pouchdb into $PEERS/ (to measure against)"
  logged npm ci --prefix "$PEERS" --no-audit --no-fund --ignore-scripts || return 1
  cp "$lock" "$copy"
}

bench_sync() {
  if ensure_peers; then
    export ANTEROOM_BENCH_PEERS="$ROOT/$PEERS/pouch.mjs"
  else
    note "npm could not install the peers; what is measured against them stays out."
  fi
  say "Measuring the synchronisation"
  cargo bench "${LOCKED[@]}" -p db --bench sync || fail "the measurement broke off." "see the message above."
}

in_browser() {
  ANTEROOM_CHROMIUM=$(chromium_path)
  export ANTEROOM_CHROMIUM ANTEROOM_BIN="$ROOT/target/release/anteroom" ANTEROOM_SITE="$ROOT/target/site"
  npm --prefix end2end run --silent "$1" || fail "the measurement broke off." "see the message above."
}

bench_browser() {
  say "Measuring in a browser"
  in_browser bench
}

bench_desk() {
  say "Measuring the front desk's day"
  in_browser bench-desk
}

parts=("$@")
if ((${#parts[@]} == 0)); then parts=("${ALL[@]}"); fi
for part in "${parts[@]}"; do
  [[ " ${ALL[*]} " == *" $part "* ]] || fail "there is nothing to measure called '$part'." "choose from: ${ALL[*]}"
done
for script in run.mjs desk.mjs pouch.mjs; do
  [[ -f end2end/bench/$script ]] || fail "end2end/bench/$script is missing: there is nothing to measure with." \
    "check that the checkout is complete ('git status')."
done
.make/setup.sh test
if [[ " ${parts[*]} " =~ \ (browser|desk)\  ]]; then .make/build.sh; fi
trap stop_postgres EXIT
database=$(.make/postgres.sh start)
eval "$database"
print_machine
for part in "${parts[@]}"; do "bench_$part"; done
