#!/usr/bin/env bash
# A private, throw-away Postgres for tests: always empty at start, deleted at stop.
#   eval "$(.make/postgres.sh start)"   starts it and sets TEST_DATABASE_URL
#   .make/postgres.sh env               prints that setting again while it runs
#   .make/postgres.sh stop
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if is_root; then
  # The checkout may lie where the unprivileged user cannot look (/root); one folder per checkout.
  BASE=/var/lib/anteroom-test/$(printf '%s' "$ROOT" | cksum | cut -d' ' -f1)
else
  BASE=$ROOT/target/test-pg
fi
DATA=$BASE/data
PORT_FILE=$BASE/port
FIRST_PORT=${ANTEROOM_TEST_PG_PORT:-54329}

BIN=$(postgres_bin)
[[ -n $BIN ]] || fail "Postgres is not installed." "run '.make/setup.sh test', then repeat."

# From `/`, because the current folder may be closed to that user.
as_postgres() (
  cd /
  if is_root; then exec runuser -u anteroom -- "$@"; else exec "$@"; fi
)

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  for ((port = FIRST_PORT; port < FIRST_PORT + 50; port++)); do
    if ! port_is_taken "$port"; then
      echo "$port"
      return
    fi
  done
  fail "ports $FIRST_PORT to $((FIRST_PORT + 49)) are all taken." "set ANTEROOM_TEST_PG_PORT to a free one."
}

# Something may answer on the port and still not be ours: ask it where its data lies.
is_running() {
  [[ -f $PORT_FILE ]] || return 1
  local answer
  answer=$("$BIN/psql" -XAtq -h 127.0.0.1 -p "$(<"$PORT_FILE")" -U postgres -d postgres \
    -c 'show data_directory' 2>/dev/null) && [[ $answer == "$DATA" ]]
}

# A pid file survives a crash, and its number may by now be another program's: believe it only when the
# process says that it serves this folder.
postmaster_pid() {
  local pid
  [[ -f $DATA/postmaster.pid ]] || return 1
  pid=$(head -n 1 "$DATA/postmaster.pid")
  [[ -r /proc/$pid/cmdline ]] && tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "$DATA" && echo "$pid"
}

stop() {
  if postmaster_pid >/dev/null; then
    # Immediate: nothing in it is kept, so there is nothing to write down first.
    as_postgres "$BIN/pg_ctl" -D "$DATA" -m immediate -w -t 30 stop >/dev/null 2>&1 ||
      fail "the test Postgres in $DATA does not stop." "end process $(postmaster_pid) by hand, then repeat."
  fi
  rm -rf "${BASE:?}"
}

make_folder() {
  mkdir -p "$BASE"
  if is_root; then
    getent passwd anteroom >/dev/null ||
      fail "the system user 'anteroom' is missing; Postgres does not run as root." "run '.make/setup.sh test', then repeat."
    chmod 755 "$(dirname "$BASE")"
    chown anteroom: "$BASE"
  fi
  chmod 700 "$BASE"
}

start() {
  if is_running; then
    print_env
    return
  fi
  stop
  make_folder
  local port
  port=$(free_port)
  say "Starting a test Postgres ($("$BIN/postgres" --version | awk '{ print $3 }')) on port $port"
  as_postgres "$BIN/initdb" -k -D "$DATA" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    >"$BASE.log" 2>&1 </dev/null || show_log_and_fail "initdb failed."
  # TCP only: a socket's path has a length limit that a deep checkout would break.
  # Waiting for the disk at each commit is not what these tests measure; fsync itself stays on.
  as_postgres "$BIN/pg_ctl" -D "$DATA" -l "$BASE/log" -w -t 60 start -o "-p $port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c synchronous_commit=off \
    -c max_connections=200 -c timezone=UTC" >>"$BASE.log" 2>&1 </dev/null || show_log_and_fail "Postgres did not start."
  echo "$port" >"$PORT_FILE"
  rm -f "$BASE.log"
  print_env
}

show_log_and_fail() {
  cat "$BASE.log" "$BASE/log" 2>/dev/null | tail -n 20 | sed 's/^/    | /' >&2
  fail "$1" "read the lines above; '.make/postgres.sh stop' clears everything away."
}

print_env() { echo "export TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$(<"$PORT_FILE")/postgres"; }

case ${1:-} in
  start) start ;;
  stop) stop ;;
  env)
    is_running || fail "the test Postgres does not run." "start it with: eval \"\$(.make/postgres.sh start)\""
    print_env
    ;;
  *) fail "say start, stop or env." ;;
esac
