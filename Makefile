# Loket's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test fuzz chaos audit-consent screenshots lint env train wheel bench-webhooks bench-acknowledge bench-deliveries bench-nlu bench-knowledge bench-turns bench-start figures lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: env ## build what is missing and start Loket: http://127.0.0.1:8080/
	@.venv/bin/loket run

test: env train ## run the tests, the slow ones and the browser's too (ARGS="-k word" selects)
	@scripts/browser.sh
	@scripts/kannel.sh
	@.venv/bin/pytest -m "not long" --numprocesses $$(($$(nproc) + 1)) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

fuzz: env ## send each channel 10,000 malformed requests, and play thousands of conversations
	@.venv/bin/pytest -m long $(ARGS)

chaos: env ## kill, cut, hang and fuzz Loket under 2,000 messages (ARGS="--help" lists what can be set)
	@.venv/bin/python -m tests.chaos $(ARGS)

screenshots: env ## make the pictures of docs/pictures.md from the running product; look at them
	@scripts/browser.sh
	@.venv/bin/python -m tests.screenshots $(ARGS)

audit-consent: env ## play 100,000 random conversations: no row changes without a plain yes to its summary
	@.venv/bin/python -m tests.consent $(ARGS)

lint: env ## check style, types, layers and content
	@scripts/lint.sh

env: ## build .venv from the two locks; does nothing when it is up to date
	@scripts/environment.sh

train: env ## train a model when the content changed
	@.venv/bin/loket train

wheel: env ## build dist/loket-*.whl, which one command installs elsewhere (docs/operations.md)
	@scripts/wheel.sh

bench-webhooks: env ## measure how fast each webhook answers while the worker is busy
	@.venv/bin/python bench/webhooks.py $(ARGS)

bench-deliveries: env ## measure the delivery queue, and how soon what is said has left
	@.venv/bin/python bench/deliveries.py $(ARGS)

bench-acknowledge: env ## measure whether taking messages in stays quick with 100,000 old conversations
	@.venv/bin/python bench/acknowledge $(ARGS)

bench-nlu: env ## measure understanding beside Rasa's (DATA=folder with MASSIVE nl-NL)
	@.venv/bin/python bench/nlu $(if $(DATA),--data $(DATA)) $(ARGS)

bench-turns: env ## measure what a turn costs, round by round beside Rasa's default configuration
	@.venv/bin/python -m bench.turns $(ARGS)

bench-start: env ## measure how soon Loket is there, what it holds, trainings and a second worker
	@.venv/bin/python -m bench.start $(ARGS)

figures: env ## write README's figures from the last runs in bench/results that can be trusted
	@.venv/bin/python -m bench.readme

bench-knowledge: env ## measure how well questions find their passage, and what is answered wrongly
	@.venv/bin/python bench/knowledge.py $(ARGS)

lock: env ## renew both locks from pyproject.toml (UPGRADE=--upgrade, or package names, takes newer versions)
	@scripts/lock.sh $(UPGRADE)

clean: ## remove the environment and everything that tools made (not var/: that is data)
	@rm -rf .venv .rasa .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		*.egg-info dist results models/*.tar.gz models/*.json
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
