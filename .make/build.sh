#!/usr/bin/env bash
# Builds what is shipped: target/release/anteroom and the pages in target/site.
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

.make/page.sh release
# A cargo call of its own: the server's `ssr` and the pages' `csr` must never meet in one build.
say "Building the server (the first time takes some minutes)"
cargo build "${LOCKED[@]}" --release -p server || fail "the server does not compile." "see the compiler's message above."
