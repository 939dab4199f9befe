"""What commands share: streams, numbers about the process, JSON, the progress bar."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from descant.runtime.errors import BackendError, DescantError, RequestError
from descant.runtime.progress import OnProgress, Progress, ignore_progress


def prepare_streams() -> None:
    """Print any text on any terminal: what its encoding lacks becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: dict[str, Any]) -> None:
    """Print one object on one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def check_threads(threads: int | None) -> int | None:
    """Return the number of threads when it makes sense."""
    if threads is not None and not 1 <= threads <= 256:
        raise RequestError(
            f"threads must be a whole number from 1 to 256, got {threads}",
            hint="leave it out to use all cores",
        )
    return threads


@contextmanager
def progress_bar(visible: bool) -> Iterator[OnProgress]:
    """Give a listener that draws a bar with ETA on a terminal, and nothing anywhere else."""
    if not visible or not sys.stderr.isatty():
        yield ignore_progress
        return
    from tqdm import tqdm

    bar = tqdm(
        total=1000,
        file=sys.stderr,
        leave=False,
        bar_format="{desc:10}{percentage:3.0f}% |{bar:32}| {elapsed} + {remaining}",
    )

    def show(progress: Progress) -> None:
        bar.set_description_str(progress.stage, refresh=False)
        bar.update(round(progress.fraction * 1000) - bar.n)

    with contextlib.closing(bar):
        yield show


@contextmanager
def step_bar(visible: bool, as_lines: bool = False) -> Iterator[Callable[[str, float], None]]:
    """Give what takes a step's name and the share (0 … 1) that is done, and draws a bar of it.

    With ``as_lines`` it writes lines for a program that listens, see ``tell``.
    """
    if as_lines:
        with told_errors():
            yield lambda name, fraction: tell(step=name, share=round(fraction, 4))
        return
    with progress_bar(visible) as show:
        yield lambda name, fraction: show(Progress(name, fraction, 1, 1))


def tell(**values: str | float) -> None:
    """Write one JSON object as a line of stderr: what is done, or what went wrong."""
    print(json.dumps(values), file=sys.stderr, flush=True)


@contextmanager
def told_errors() -> Iterator[None]:
    """Also tell of an error that goes through, for a program that listens."""
    try:
        yield
    except DescantError as error:
        tell(error=str(error), hint=error.hint)
        raise


def exporter(name: str, extra: str = "export") -> ModuleType:
    """Return a module of the exporter, which a lean install can't load."""
    return optional(f"export.{name}", extra)


def optional(name: str, extra: str) -> ModuleType:
    """Return a module of another room, which needs what an extra installs."""
    try:
        return import_module(f"descant.{name}")
    except ModuleNotFoundError as error:
        raise BackendError(
            f"this command needs {error.name}, which is not installed",
            hint=f"pip install 'descant[{extra}]'",
        ) from error
