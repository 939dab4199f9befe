"""Time the kernels beside PyTorch and the device's own limits, and state their errors.

``python -m tests.bench_kernels [--op guided_step] [--device cuda] [--dtypes fp16] [--json FILE]``

On a CUDA device the Triton kernels run, in CUDA graphs; on a CPU only PyTorch's expressions and the
NumPy references do, because interpreted kernels have no speed. Errors are the largest difference
from float64 as a share of the largest value. Needs torch, and triton for the kernels.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import torch

from descant.kernels.fast.launch import Tiles
from tests.bench import kernel_cases
from tests.bench.figures import Figure, percent, table
from tests.bench.kernel_cases import DTYPES, FUSED, Call, Case
from tests.bench.kernel_timing import Ceilings, ceilings, machine, time_call

OPS = ("synapse_attention", "synapse_training", "guided_step", "groupnorm_silu")
SPEED_UP, SHARE_OF_COPY = 1.3, 0.85
"""What is asked of the synapse beside SDPA, and of the guided step at a large size."""
HEADINGS = (
    "case", "type", "contender", "median µs", "best µs", "of Triton", "GB/s", "of copy",
    "TFLOP/s", "of GEMM", "error",
)  # fmt: skip
WIDTHS = (34, 4, 38, 10, 10, 9, 8, 8, 8, 8, 8)
TUNED = tuple(Tiles(*sizes) for sizes in product((64, 128), (32, 64, 128), (4, 8), (2, 3)))
"""Blocks that --tune tries besides the shipped ones."""


@dataclass(frozen=True, slots=True)
class Row:
    """One contender in one case; NaN is what was not measured."""

    op: str
    case: str
    dtype: str
    contender: str
    median_seconds: float = math.nan
    best_seconds: float = math.nan
    runs: int = 0
    bytes_per_second: float = math.nan
    flops_per_second: float = math.nan
    error: float = math.nan
    """Largest difference from float64, as a share of the largest value."""
    note: str = ""
    """Why it was not measured."""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 1 when a goal was measured and missed."""
    options = _parser().parse_args(arguments)
    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("no CUDA device: PyTorch sees none; run with --device cpu", file=sys.stderr)
        return 2
    torch.manual_seed(0)
    dtypes = options.dtypes or (["fp16", "bf16"] if device.type == "cuda" else ["fp32"])
    limits = ceilings(device, dtypes, options.seconds)
    print(_preamble(device, dtypes, limits))
    rows: list[Row] = []
    for op in options.op:
        print("", op, _line(HEADINGS), sep="\n")
        for case in _cases(op, device, dtypes, options):
            measured = list(measure(case, device, options.seconds))
            rows += measured
            for row in measured:
                print(_line(_cells(row, measured[0], limits)), flush=True)
    figures = goals(rows, limits)
    print("", table(figures), sep="\n")
    if options.json is not None:
        _write(options.json, device, limits, rows, figures)
    return int(any(figure.verdict == "MISSED" for figure in figures))


def measure(case: Case, device: torch.device, seconds: float) -> Iterator[Row]:
    """Time every contender of a case and compare its result with float64; Triton comes first."""
    truth = _tuple(case.truth())
    for name, call in case.contenders.items():
        if call is None:
            note = "unmeasured: Triton needs a CUDA device"
            yield Row(case.op, case.name, case.dtype, name, note=note)
            continue
        try:
            error = _error(call, truth)
        except _failures() as exc:  # blocks that --tune tries may not fit into a core's memory
            yield Row(case.op, case.name, case.dtype, name, note=f"unmeasured: {exc}"[:70])
            continue
        timing = time_call(call, device, seconds)
        yield Row(
            case.op, case.name, case.dtype, name, timing.median, timing.best, timing.runs,
            case.moved_bytes / timing.median,
            case.flops / timing.median if case.flops else math.nan, error,
        )  # fmt: skip


def _failures() -> tuple[type[Exception], ...]:
    """Return what a kernel that asks too much of the device raises."""
    if importlib.util.find_spec("triton") is None:
        return (RuntimeError,)
    from triton.runtime.errors import OutOfResources

    return RuntimeError, OutOfResources


def goals(rows: list[Row], limits: Ceilings) -> list[Figure]:
    """Return what is asked of the kernels, measured or not."""
    times = {(r.op, r.case, r.dtype, r.contender): r.median_seconds for r in rows}
    figures = []
    for row in rows:
        if row.contender != FUSED:
            continue
        name = f"{row.case}, {row.dtype}"
        if row.op == "synapse_attention":
            for other in ("SDPA alone, blended before", "lerp, then SDPA"):
                ratio = times[row.op, row.case, row.dtype, other] / row.median_seconds
                asked = SPEED_UP if other.startswith("SDPA") else None
                figures.append(Figure(row.op, name, ratio, "x", asked, beside=other, digits=2))
        elif row.op == "guided_step" and row.case == kernel_cases.LARGE[0]:
            share = row.bytes_per_second / limits.copy_bytes_per_second
            figures.append(Figure(row.op, name, share, "%", SHARE_OF_COPY, beside="of copying"))
    return figures


def _cases(
    op: str, device: torch.device, dtypes: list[str], options: argparse.Namespace
) -> Iterator[Case]:
    for dtype in dtypes:
        if op == "synapse_attention":
            tiles = TUNED if options.tune and device.type == "cuda" else ()
            yield from kernel_cases.synapse_cases(device, dtype, options.quick, tiles)
        elif op == "synapse_training":
            yield from kernel_cases.training_cases(device, dtype, options.quick)
        elif op == "guided_step":
            yield from kernel_cases.step_cases(device, dtype, options.quick)
        else:
            yield from kernel_cases.norm_cases(device, dtype, options.quick)


def _error(call: Call, truth: tuple[torch.Tensor, ...]) -> float:
    made = _tuple(call())
    pairs = zip(made, truth, strict=True)
    errors = [float((m.double() - t).abs().max() / t.abs().max()) for m, t in pairs]
    return max(errors)


def _tuple(results: kernel_cases.Results) -> tuple[torch.Tensor, ...]:
    return results if isinstance(results, tuple) else (results,)


def _cells(row: Row, fused: Row, limits: Ceilings) -> tuple[str, ...]:
    if row.note:
        return row.case, row.dtype, row.contender, row.note
    gemm = limits.gemm_flops_per_second[row.dtype]
    return (
        row.case, row.dtype, row.contender,
        f"{row.median_seconds * 1e6:.1f}", f"{row.best_seconds * 1e6:.1f}",
        _number(row.median_seconds / fused.median_seconds, 2),
        f"{row.bytes_per_second / 1e9:.1f}",
        percent(row.bytes_per_second / limits.copy_bytes_per_second),
        _number(row.flops_per_second / 1e12, 3), percent(row.flops_per_second / gemm),
        f"{row.error:.1e}",
    )  # fmt: skip


def _number(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _line(cells: tuple[str, ...]) -> str:
    left = [cell.ljust(width) for cell, width in zip(cells[:3], WIDTHS[:3], strict=True)]
    if len(cells) < len(WIDTHS):
        return " ".join([*left, *cells[3:]])
    right = [cell.rjust(width) for cell, width in zip(cells[3:], WIDTHS[3:], strict=True)]
    return " ".join([*left, *right])


def _preamble(device: torch.device, dtypes: list[str], limits: Ceilings) -> str:
    facts = ", ".join(f"{key} {value}" for key, value in machine(device).items() if value)
    rates = (f"{limits.gemm_flops_per_second[d] / 1e12:.3f} TFLOP/s in {d}" for d in dtypes)
    lines = [facts, f"copy {limits.copy_bytes_per_second / 1e9:.1f} GB/s; GEMM {', '.join(rates)}"]
    if device.type != "cuda":
        lines.append("Timings of the Triton kernels need a GPU; these are PyTorch's and NumPy's.")
    return "\n".join(lines)


def _write(
    path: Path, device: torch.device, limits: Ceilings, rows: list[Row], figures: list[Figure]
) -> None:
    """Write all figures, whole or not at all; NaN becomes null."""
    content = {
        "machine": machine(device),
        "ceilings": limits.to_json(),
        "rows": [
            {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in asdict(r).items()}
            for r in rows
        ],
        "figures": [figure.to_json() for figure in figures],
    }
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content, indent=1, allow_nan=False), encoding="utf-8")
    part.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_kernels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--op", nargs="+", choices=OPS, default=OPS, help="which kernels; all when left out")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cuda or cpu")
    add("--dtypes", nargs="+", choices=DTYPES, help="fp16 bf16 on a GPU, fp32 on a CPU")
    add("--seconds", type=float, default=0.3, help="time for each figure")
    add("--quick", action="store_true", help="one size of each")
    add("--tune", action="store_true", help="try other blocks for the synapse as well")
    add("--json", type=Path, metavar="FILE", help="write everything there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
