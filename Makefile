# What this house can do. `make` lists it; everything that is needed is installed into .tools and .venv on first use.
.DEFAULT_GOAL := help
.PHONY: help demo new serve test fast journeys house format lint shape imports types migrations docs check \
	bench bench-gate bench-gazetteer bench-press bench-standing bench-weight bench-search bench-search-quality bench-together bench-bounces bench-mail bench-feeds bench-wire bench-answers bench-briefs bench-judged bench-contradictions bench-stories sweep screenshots tidy adr setup clean

export PYTHON
PORT ?= 8000
LIBRARY ?=
FRESH ?=
T ?=
N ?=
t ?=
RUN := scripts/setup.sh run
DEV := scripts/setup.sh dev
BIN := .venv/bin
# What is ours to keep tidy.
CODE := broadsheet tests scripts bench manage.py

help:
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

##@ A publication

demo: ## set up everything and run the demo publication: PORT=8000, LIBRARY=file.jsonl, FRESH=yes
	@$(RUN)
	@$(BIN)/broadsheet demo --port $(PORT) $(if $(LIBRARY),--library "$(LIBRARY)") $(if $(FRESH),--fresh)

##@ Tests

test: ## set up everything and run all tests: T=tests/press for one folder
	@scripts/test.sh $(T)

fast: ## tests that load no Django: run on every save
	@$(DEV)
	@$(BIN)/pytest -q -p no:hypothesispytest -p no:xdist -o DJANGO_SETTINGS_MODULE= $$($(BIN)/python scripts/fast.py $(T))

journeys: ## the journeys, door to door
	@$(DEV)
	@$(BIN)/pytest -q tests/journeys

house: ## the tests by which the house keeps its own rules
	@$(DEV)
	@$(BIN)/pytest -q tests/house

##@ Checks, in the order of cost

check: format lint shape imports types migrations docs test ## what CI runs: all of the following, then the tests

format: ## is everything formatted?
	@$(DEV)
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "make tidy formats what is named above."; exit 1; }

lint: ## ruff's rules
	@$(DEV)
	@$(BIN)/ruff check --quiet $(CODE)

shape: ## functions past 50 lines and files past 400: T=tests for the tests
	@$(DEV)
	@$(BIN)/python scripts/shape.py $(T)

imports: ## rooms import downwards only
	@$(DEV)
	@$(BIN)/lint-imports --no-logo

types: ## mypy, strict
	@$(DEV)
	@$(BIN)/mypy

migrations: ## does every model have its migration?
	@$(DEV)
	@$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings

docs: ## do links lead somewhere, and do names in the glossary and the architecture exist?
	@$(DEV)
	@$(BIN)/python scripts/docs.py

##@ Figures, as ratios against a reference of the same run

bench: bench-gate bench-press bench-standing bench-weight ## all benchmarks

bench-gate: ## what a request costs at the gate
	@$(DEV)
	@$(BIN)/python -m bench.gate

bench-press: ## how long publishing and importing a whole library take
	@$(DEV)
	@$(BIN)/python -m bench.press

bench-gazetteer: ## how well and how fast countries, leaders and organisations are found in a text
	@$(DEV)
	@$(BIN)/python -m bench.gazetteer

bench-standing: ## random histories of Stripe's events, and whether the standing is right in the end
	@$(DEV)
	@$(BIN)/python -m bench.standing

bench-weight: ## what a page weighs, and what Lighthouse and axe say of it
	@$(DEV)
	@$(BIN)/python -m bench.weight

bench-search: ## how fast the library is searched, and how long its index takes
	@$(DEV)
	@$(BIN)/python -m bench.search --postgres

bench-search-quality: ## how good the library's order is, on collections with judged answers
	@$(DEV)
	@$(BIN)/python -m bench.search_quality

bench-together: ## how long the pages of countries, issues and relations take
	@$(DEV)
	@$(BIN)/python -m bench.together

bench-bounces: ## how well mail that came back is understood, on the samples of flufl.bounce's own tests
	@$(DEV)
	@$(BIN)/python -m bench.bounces

bench-mail: ## how fast an edition leaves, against smtplib alone, and whether 50 kills lose a letter: N=100000 readers
	@$(DEV)
	@SMTP_SINK=$$(scripts/smtp_sink.sh) && export SMTP_SINK && $(BIN)/python -m bench.mail $(N) && $(BIN)/python -m bench.mail_kills

bench-wire: ## how fast 500 outlets' feeds are heard, hostile ones among them, and how soon a curator sees what is new
	@$(DEV)
	@$(BIN)/python -m bench.wire

bench-feeds: ## how well other outlets' feeds are read, on public parser suites, against feedparser alone
	@$(DEV)
	@$(BIN)/python -m bench.feeds

bench-stories: ## how well items that tell the same event are grouped as they arrive, against tf-idf and MiniLM alone
	@$(DEV)
	@$(BIN)/python -m bench.stories

bench-answers: ## how well sentences are chosen that answer a question, on WikiQA, against BM25 and MiniLM alone
	@$(DEV)
	@$(BIN)/python -m bench.answers

bench-briefs: ## whether briefs quote to the letter and refuse what the library does not answer, and how long they take
	@$(DEV)
	@$(BIN)/python -m bench.briefs

bench-judged: ## how often one of a brief's first three sentences answers, on 60 questions judged by hand beforehand
	@$(DEV)
	@$(BIN)/python -m bench.judged

bench-contradictions: ## whether briefs show what articles say against each other, and nothing that only sounds so
	@$(DEV)
	@$(BIN)/python -m bench.contradictions

##@ Housekeeping

sweep: ## each journey's sweep, once, on the demo publication
	@$(RUN)
	@$(BIN)/broadsheet sweep --demo

screenshots: ## take the pictures of docs/screenshots anew
	@$(DEV)
	@$(BIN)/python -m scripts.screenshots

tidy: ## format, and mend what ruff can mend
	@$(DEV)
	@$(BIN)/ruff check --quiet --fix $(CODE) || true
	@$(BIN)/ruff format --quiet $(CODE)

adr: ## a new decision record with the next number: t="What we decided"
	@$(DEV)
	@$(BIN)/python scripts/adr.py "$(t)"

setup: ## only install what developing needs
	@$(DEV)

clean: ## remove what was installed and built here; publications in .state stay
	rm -rf .venv .tools .mypy_cache .ruff_cache .import_linter_cache .pytest_cache
	find broadsheet tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
