# `make check` is the gate; tools/test.sh and the continuous integration run the same.
PYTHON ?= python
SOURCES = setup.py models kernels runtime export desktop examples tests tools

.PHONY: check format test
check:
	$(PYTHON) tools/link_packages.py
	$(PYTHON) -m ruff format --check $(SOURCES)
	$(PYTHON) -m ruff check $(SOURCES)
	$(PYTHON) -m mypy
	PYTHONPATH=build/packages $(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(PYTHON) tools/size.py

format:
	$(PYTHON) -m ruff format $(SOURCES)
	$(PYTHON) -m ruff check --fix $(SOURCES)

test:
	bash tools/test.sh
