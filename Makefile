# The only door. `make` alone lists what there is.
.POSIX:
.SUFFIXES:

PYTHON = .venv/bin/python

.PHONY: help run test check bench demo messages deps python

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: python ## Set everything up and serve the site, a mail worker and its clock (PORT, RAICT_VAR … from the environment or .env)
	@python3 -I raict/install.py run
	@exec $(PYTHON) manage.py serve

test: python ## Linters and every test, on PostgreSQL and SQLite, with servers of its own
	@python3 -I raict/install.py test
	@exec $(PYTHON) -I raict/tests/run.py

check: python ## Linters only
	@python3 -I raict/install.py check
	@exec $(PYTHON) -I raict/tests/run.py --linters

bench: python ## Registrations a second, a rush on few seats, a press release as PDF and its downloads, a spreadsheet of 5,000 people, every list of the team, on PostgreSQL (six to eight minutes)
	@python3 -I raict/install.py test
	@exec $(PYTHON) -m raict.tests.load.bench

demo: python ## Add 512 sample participants from 23 countries to the demonstration edition
	@python3 -I raict/install.py run
	@$(PYTHON) manage.py prepare
	@exec $(PYTHON) manage.py add_demo_participants

messages: python ## Gather the strings to translate, and compile the catalogue
	@python3 -I raict/install.py test
	@$(PYTHON) manage.py makemessages --locale fr --no-location --ignore 'var/*' --ignore '.venv/*' --ignore 'static/vendor/*'
	@exec $(PYTHON) manage.py compilemessages --locale fr --ignore '.venv/*'

deps: python ## Compile the lists of packages into pinned ones, with hashes
	@exec python3 -I raict/install.py deps

# Python itself is the one thing that raict/install.py cannot bring.
python:
	@command -v python3 >/dev/null 2>&1 && exit; \
	if [ "$$(id -u)" = 0 ]; then root=; \
	elif command -v sudo >/dev/null 2>&1; then root=sudo; \
	else echo 'Python 3.11 or later is missing. As root: apt-get install python3-venv' >&2; exit 1; fi; \
	echo 'Installing Python …'; \
	$$root apt-get -qq update && $$root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
	  --no-install-recommends python3-venv >/dev/null
