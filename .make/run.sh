#!/usr/bin/env bash
# Sets up, builds and starts the demo practice.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_env() {
  [[ -f .env ]] || return 0
  set -a
  # shellcheck source=/dev/null
  . ./.env
  set +a
}

# Known before minutes of building, not after.
check_port() {
  local bind=${ANTEROOM_BIND:-127.0.0.1:3000}
  local port=${bind##*:}
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "something already listens on port $port (perhaps an Anteroom in another window)." \
      "stop it, or choose another port: ANTEROOM_BIND=127.0.0.1:$((port + 1)) make run"
  fi
}

load_env
check_port
.make/setup.sh run
.make/build.sh
say "Starting the demo practice; Ctrl-C stops it"
exec target/release/anteroom demo
