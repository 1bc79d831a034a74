#!/usr/bin/env bash
# Deletes what was built. The demo's data (.anteroom, or /var/lib/anteroom for root) is not touched.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if [[ -n $(postgres_bin) ]]; then .make/postgres.sh stop; fi
say "Deleting target/ and end2end/node_modules/"
rm -rf "${ROOT:?}/target" "${ROOT:?}/end2end/node_modules" "${ROOT:?}/end2end/out"
note "The demo practice's data stays: /var/lib/anteroom for root, .anteroom otherwise."
