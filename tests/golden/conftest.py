"""Which vectors are compared, and one test per entry of a component.

``pytest tests/golden --golden DIR`` runs the same tests over another folder of this format.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.harness import DATA, Case, load_manifest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--golden``."""
    parser.addoption(
        "--golden", type=Path, default=DATA, metavar="DIR", help="folder of conformance vectors"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that chooses entries."""
    config.addinivalue_line(
        "markers", "golden(component, inner=False): runs for each entry of the component"
    )


def _folder(config: pytest.Config) -> Path:
    # The option is unknown to a run of the whole suite, which reads this file too late to add it.
    folder: Path = config.getoption("--golden", default=DATA)
    if not (folder / "manifest.json").is_file():
        raise pytest.UsageError(f"--golden {folder}: no manifest.json there")
    return folder.resolve()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked ``golden`` each entry of its component as ``case``."""
    marker = metafunc.definition.get_closest_marker("golden")
    if marker is None:
        return
    inner = marker.kwargs.get("inner", False)
    folder = _folder(metafunc.config)
    cases = [
        case
        for case in load_manifest(folder).values()
        if case.component in marker.args and case.is_inner == inner
    ]
    reason = f"{folder} has no {'inner ' * inner}entry of {', '.join(marker.args)}"
    nothing = pytest.param(None, marks=pytest.mark.skip(reason=reason), id="none")
    metafunc.parametrize("case", cases or [nothing], ids=str if cases else None)


@pytest.fixture(scope="session")
def manifest(pytestconfig: pytest.Config) -> dict[str, Case]:
    """Return all entries of the folder under test."""
    return load_manifest(_folder(pytestconfig))
