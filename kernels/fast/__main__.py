"""Compile every kernel and say what it takes: ``python -m descant.kernels.fast [--sm 86,90]``."""

from __future__ import annotations

import argparse
import json
import re
import sys

from descant.kernels.fast.ptx import (
    CAPABILITIES,
    DTYPE_BYTES,
    WIDTHS,
    Build,
    Compiled,
    builds,
    compile_build,
)


def main(arguments: list[str] | None = None) -> int:
    """Print a line per kernel and target; 1 if one spills registers."""
    options = _parser().parse_args(arguments)
    spilled = 0
    for build in builds(tuple(options.dtypes), tuple(options.widths)):
        for capability in options.sm:
            compiled = compile_build(build, capability)
            spilled += compiled.stack_bytes > 0
            print(_line(build, capability, compiled, options.json), flush=True)
    return int(spilled > 0)


def _line(build: Build, capability: int, compiled: Compiled, as_json: bool) -> str:
    target = re.search(r"^\.target (\w+)", compiled.ptx, re.MULTILINE)
    facts = {
        "build": build.label,
        "sm": capability,
        "target": target[1] if target else "",
        "entry": f".entry {compiled.name}(" in compiled.ptx,
        "ptx_bytes": len(compiled.ptx),
        "tensor_cores": "mma.sync" in compiled.ptx or "wgmma" in compiled.ptx,
        "wide_loads": "ld.global.v" in compiled.ptx,
        "registers": compiled.registers,
        "stack_bytes": compiled.stack_bytes,
        "shared_bytes": compiled.shared_bytes,
        "warps": compiled.warps,
    }
    if as_json:
        return json.dumps(facts)
    return (
        f"{build.label:40} sm_{capability:<4} {compiled.registers:3} registers, "
        f"{compiled.stack_bytes} bytes spilled, {compiled.shared_bytes:6} bytes shared, "
        f"{compiled.warps} warps, {len(compiled.ptx) // 1000} kB PTX"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m descant.kernels.fast", description=__doc__)
    add = parser.add_argument
    numbers = _numbers
    add("--sm", type=numbers, default=list(CAPABILITIES), metavar="N,N", help="compute capability")
    add("--widths", type=numbers, default=list(WIDTHS), metavar="N,N", help="of heads")
    add("--dtypes", nargs="+", choices=sorted(DTYPE_BYTES), default=sorted(DTYPE_BYTES))
    add("--json", action="store_true", help="one object per line")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
