# Every target is one script in .make/, so that it can be read, and run, by itself.
.DEFAULT_GOAL := help
.PHONY: help run build page test bench seeds mutants fmt lint doctor clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set up, build and start the demo practice on http://127.0.0.1:3000
	@.make/run.sh

build: ## Build target/release/anteroom and the pages in target/site
	@.make/setup.sh run
	@.make/build.sh

page: ## Build the browser pages only
	@.make/setup.sh run
	@.make/page.sh release

test: ## Install what is missing and run every check and test
	@.make/test.sh

bench: ## Measure a release build; prints the figures of the README
	@.make/bench.sh

seeds: ## Draw new cases for the property tests, run 20,000 fresh seeds of the simulation, add them to the ledger
	@.make/seeds.sh

mutants: ## List the deliberate faults of the sync engine, caught and missed
	@.make/mutants.sh

fmt: ## Format the Rust code
	@cargo fmt --all

lint: ## Check format and lints, server and browser side
	@.make/setup.sh test
	@.make/test.sh format lint-server lint-pages

doctor: ## Say what is installed, what is missing and how to get it
	@.make/doctor.sh

clean: ## Delete what was built; the demo practice's data stays
	@.make/clean.sh
