"""Entry: read the arguments, run one command, and turn every failure into one line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from descant.runtime.cli.interrupt import heard_interrupt
from descant.runtime.errors import DescantError, OutputError, PackError, RequestError

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``descant`` and return its exit code.

    0 done, 1 the machine failed, 2 the input is wrong, 130 interrupted by Ctrl-C.
    """
    with heard_interrupt() as heard:
        try:
            # Inside, so that Ctrl-C while modules load is met as well.
            from descant.runtime.cli.parser import build_parser

            options = build_parser().parse_args(arguments)
            return int(options.run(options))
        except SystemExit as stop:  # argparse: --help, --version or a wrong option
            return stop.code if isinstance(stop.code, int) else BAD_INPUT
        except KeyboardInterrupt:
            return _interrupted()
        except BrokenPipeError:
            # The reader has gone: keep the interpreter from complaining when it flushes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        except Exception as error:  # noqa: BLE001 - the last edge: a line, not a trace
            return _interrupted() if heard.is_set() else _failed(error)


def _interrupted() -> int:
    _say("interrupted; nothing half-written was left behind")
    return INTERRUPTED


def _failed(error: Exception) -> int:
    """Say what went wrong in one line; return the exit code."""
    if isinstance(error, DescantError):
        _say(_one_line(error))
        return BAD_INPUT if isinstance(error, (RequestError, PackError, OutputError)) else FAILED
    if isinstance(error, MemoryError):
        _say("error: out of memory (ask for fewer seconds)")
        return FAILED
    logging.getLogger(__name__).debug("unexpected error", exc_info=error)
    _say(f"error: unexpected {type(error).__name__}: {str(error)[:300]}")
    return FAILED


def _one_line(error: DescantError) -> str:
    hint = f" ({error.hint})" if error.hint else ""
    return " ".join(f"error: {error}{hint}".split())


def _say(text: str) -> None:
    print(f"descant: {text}", file=sys.stderr)
