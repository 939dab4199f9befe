"""Refuse files and functions that have grown too long to be read in one go."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("models", "kernels", "runtime", "export", "desktop", "examples", "tests", "tools")
MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40

_ARGUMENTS = "every tensor and stride of a GPU kernel is an argument, and each takes a line"
EXCEPTIONS: dict[str, str] = {
    "kernels/fast/synapse_forward.py::forward_kernel": _ARGUMENTS,
    "kernels/fast/synapse_backward.py::query_kernel": _ARGUMENTS,
    "kernels/fast/synapse_backward.py::source_kernel": _ARGUMENTS,
}
"""``path`` or ``path::function`` to the reason why it may be longer."""


def long_functions(tree: ast.Module) -> list[tuple[str, int, int]]:
    """Return name, first line and length without docstring of each function above the limit."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.end_lineno is None:
            continue
        length = node.end_lineno - node.lineno + 1
        first = node.body[0]
        if ast.get_docstring(node) is not None and first.end_lineno is not None:
            length -= first.end_lineno - first.lineno + 1
        if length > MAX_FUNCTION_LINES:
            found.append((node.name, node.lineno, length))
    return found


def problems(path: Path, used: set[str]) -> list[str]:
    """Return one line per excess in the file; exceptions that were needed are added to ``used``."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    found = []
    if lines > MAX_FILE_LINES:
        found.append((name, f"{name}: {lines} lines, at most {MAX_FILE_LINES}"))
    for function, line, length in long_functions(ast.parse(text, filename=name)):
        message = f"{name}:{line}: {function} has {length} lines, at most {MAX_FUNCTION_LINES}"
        found.append((f"{name}::{function}", message))
    used.update(key for key, _ in found if key in EXCEPTIONS)
    return [message for key, message in found if key not in EXCEPTIONS]


def main() -> int:
    """Check every Python file; return 1 if something is too long or an exception is stale."""
    used: set[str] = set()
    paths = [ROOT / "setup.py"] + [p for f in FOLDERS for p in sorted((ROOT / f).rglob("*.py"))]
    messages = [message for path in paths for message in problems(path, used)]
    messages += [f"{key}: exception no longer needed" for key in EXCEPTIONS if key not in used]
    sys.stdout.write("".join(f"{message}\n" for message in messages))
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
