#!/usr/bin/env bash
# Every check and test, cheapest first; stops at the first that fails.
#   .make/test.sh                  all, after setting up what is missing
#   .make/test.sh rust page e2e    only these, on a machine that is set up
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly ALL=(format lint-server lint-pages rust page server e2e)
# The server side, named one by one: --workspace would bring in the browser's crates and mix their features.
readonly NATIVE=(-p domain -p sync -p fhir -p db -p server)
# What of the browser's side needs no browser: its tests are run here, too.
readonly TESTED=("${NATIVE[@]}" -p app -p device)
readonly LIBRARIES=(-p domain -p sync -p fhir -p db)
readonly BROWSER=(-p app --features app/csr -p ui -p device -p staff -p kiosk)
readonly OUTPUT=$ROOT/target/test-output.txt

SUMMARY=()
PASSED=0
FAILED=0

run_format() {
  cargo fmt --all --check
}

run_lint-server() {
  cargo clippy "${LOCKED[@]}" "${NATIVE[@]}" --all-targets -- -D warnings
}

run_lint-pages() {
  wasm_cargo clippy "${LOCKED[@]}" "${BROWSER[@]}" -- -D warnings
}

# The dev profile throughout: passphrase hashing is optimised in it, and a release build would cost minutes.
run_rust() {
  # The same cases at every run: what is tested follows from the code alone. `make seeds` draws new ones.
  export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261129} PROPTEST_CASES=${PROPTEST_CASES:-128}
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run "${LOCKED[@]}" "${TESTED[@]}" --no-fail-fast
    # nextest leaves out the examples in the documentation. Where there are none, building everything once more for them
    # would be minutes for nothing.
    if grep -rqE --include='*.rs' '^ *//[/!] ```' app server/db; then
      cargo test "${LOCKED[@]}" --doc "${LIBRARIES[@]}"
    fi
  else
    cargo test "${LOCKED[@]}" "${TESTED[@]}" --no-fail-fast
  fi
}

run_page() {
  .make/page.sh release
}

run_server() {
  cargo build "${LOCKED[@]}" -p server
}

run_e2e() {
  ANTEROOM_CHROMIUM=$(chromium_path)
  export ANTEROOM_CHROMIUM ANTEROOM_BIN="$ROOT/target/debug/anteroom" ANTEROOM_SITE="$ROOT/target/site"
  npm --prefix end2end --silent test
}

hint() {
  case $1 in
    format) echo "run 'make fmt' and look at what it changed." ;;
    lint-*) echo "mend what clippy names above; 'make lint' repeats only this." ;;
    rust) echo "read the failing test above; '.make/test.sh rust' repeats only these." ;;
    page) echo "see the message above; '.make/test.sh page' repeats only this." ;;
    server) echo "the server does not compile; see the compiler's message above." ;;
    e2e) echo "look into end2end/out for pictures and logs; '.make/test.sh server page e2e' repeats only these." ;;
  esac
}

# What this machine cannot do is said and counted, not passed over.
cannot() {
  case $1 in
    format) cargo fmt --version >/dev/null 2>&1 || echo "rustfmt is not installed" ;;
    lint-server) cargo clippy --version >/dev/null 2>&1 || echo "clippy is not installed" ;;
    lint-pages) wasm_cargo clippy --version >/dev/null 2>&1 || echo "clippy is not installed for the browser's compiler" ;;
  esac
}

# Adds up what the runners print: nextest, cargo test, and the plain "N passed, N failed" of end2end.
count_results() {
  local passed failed
  read -r passed failed < <(awk '
    /^ *Summary \[/ || /^test result:/ || /^[0-9]+ passed, [0-9]+ failed/ {
      for (i = 2; i <= NF; i++) {
        if ($i ~ /^passed/) p += $(i - 1)
        if ($i ~ /^failed/) f += $(i - 1)
      }
    }
    END { print p + 0, f + 0 }' "$OUTPUT")
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
}

step() {
  local name=$1 started=$SECONDS reason code=0
  reason=$(cannot "$name")
  if [[ -n $reason ]]; then
    say "$name: skipped, $reason"
    SUMMARY+=("$(printf '%-12s skipped: %s' "$name" "$reason")")
    return
  fi
  say "$name"
  # Not written as a condition: that would switch `set -e` off inside the step.
  set +e
  (
    set -e
    "run_$name"
  ) 2>&1 | tee "$OUTPUT"
  code=${PIPESTATUS[0]}
  set -e
  count_results
  if ((code)); then
    SUMMARY+=("$(printf '%-12s FAILED after %d s' "$name" $((SECONDS - started)))")
    fail "the step '$name' failed." "$(hint "$name")"
  fi
  SUMMARY+=("$(printf '%-12s ok  %4d s' "$name" $((SECONDS - started)))")
}

finish() {
  local code=$?
  .make/postgres.sh stop || true
  if ((${#SUMMARY[@]})); then
    printf '\n'
    printf '  %s\n' "${SUMMARY[@]}"
    printf '  %-12s     %4d s\n' total "$SECONDS"
    printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  fi
  exit "$code"
}

steps=("$@")
if ((${#steps[@]} == 0)); then
  .make/setup.sh test
  steps=("${ALL[@]}")
fi
for name in "${steps[@]}"; do
  [[ " ${ALL[*]} " == *" $name "* ]] || fail "there is no step '$name'." "choose from: ${ALL[*]}"
done

trap finish EXIT
# Turn a signal into an exit, so that the database is stopped then too.
trap 'exit 130' INT TERM
if [[ " ${steps[*]} " =~ \ (rust|e2e)\  ]]; then
  # In two steps: `eval "$(…)"` alone would hide a failure to start.
  database=$(.make/postgres.sh start)
  eval "$database"
fi
for name in "${steps[@]}"; do step "$name"; done
