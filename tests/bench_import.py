"""Measure an import: python -m tests.bench_import CHECKPOINT [--export PACK --with PATH ...].

First every part is taken and held, and every number of it read, which is the most that a conversion
could ask for. With ``--export`` the pack is written after that; the files beside the checkpoint are
named with ``--with``. Peak memory is that of the whole process and counts mapped pages, which the
system takes back when it needs them; what was allocated is named beside it, where Linux tells it.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from descant.export.checkpoints.imported import import_checkpoint
from descant.export.ldm_pack import export_checkpoint
from descant.export.network_run import PackOptions

LIMIT = 1.5
"""Peak over kept weights that the importer may take."""
EVERY_S = 0.05


def main() -> int:
    """Print the figures; return 1 if the importer's limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--export", type=Path, metavar="PACK")
    parser.add_argument("--with", dest="others", type=Path, nargs="+", default=[], metavar="PATH")
    parser.add_argument("--precision", choices=("fp32", "fp16"), default="fp16")
    parser.add_argument("--target", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--skip-reading", action="store_true", help="measure the export alone")
    options = parser.parse_args()
    ratio = 0.0 if options.skip_reading else measure_import(options.checkpoint)
    if options.export is not None:
        paths = [options.checkpoint, *options.others]
        measure_export(paths, options.export, PackOptions(options.precision, options.target))
    return 1 if ratio > LIMIT else 0


def measure_import(path: Path) -> float:
    """Read all that is kept; return the peak memory over it."""
    before = _peak_bytes()
    begin = time.perf_counter()
    imported = import_checkpoint(path)
    checked = time.perf_counter() - begin
    states = []
    for part in imported.parts:
        states.append(imported.load(part))
        numbers = sum(tensor.numel() for tensor in states[-1].values())
        total = sum(float(tensor.double().sum()) for tensor in states[-1].values())
        print(f"{part:12} {len(states[-1]):4} tensors {numbers:12,} numbers, sum {total:.6g}")
    kept = sum(tensor.nbytes for state in states for tensor in state.values())
    peak = _peak_bytes()
    print(f"{imported.kind}, scale_factor {imported.scale_factor}, checked in {checked:.1f} s")
    print(f"file {path.stat().st_size / 1e9:.2f} GB, kept weights {kept / 1e9:.2f} GB")
    print(f"peak memory {peak / 1e9:.2f} GB, {before / 1e9:.2f} GB of it before the import")
    print(f"peak over kept weights {peak / kept:.2f}, at most {LIMIT}")
    return peak / kept


def measure_export(paths: list[Path], output: Path, options: PackOptions) -> None:
    """Write a pack; print what each step and the whole took."""
    steps: list[tuple[str, float]] = []

    def step(name: str, fraction: float) -> None:
        steps.append((name, time.perf_counter()))

    with _watched() as memory:
        begin, cpu = time.perf_counter(), time.process_time()
        made = export_checkpoint(paths, output, options, step)
        end, cpu = time.perf_counter(), time.process_time() - cpu
    for (name, started), (_, ended) in zip(steps, [*steps[1:], ("", end)], strict=True):
        if ended - started > EVERY_S:
            print(f"{name:15} {ended - started:6.1f} s")
    for name, graph in made.spec.graphs.items():
        size = graph.size_bytes + (graph.weights.size_bytes if graph.weights else 0)
        error = graph.parity.relative_error if graph.parity else float("nan")
        print(f"{name:15} {size / 1e6:8.1f} MB, relative error {error:.2e}")
    print(f"export {end - begin:.1f} s, {cpu:.1f} s of CPU, reused {len(made.reused)} graphs")
    print(f"peak memory {_peak_bytes() / 1e9:.2f} GB, allocated {memory[0] / 1e9:.2f} GB")


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Give the most memory that is no file's, looked at again and again."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(EVERY_S):
            most[0] = max(most[0], _allocated_bytes())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _allocated_bytes() -> int:
    """Return the resident memory that no file backs; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def _peak_bytes() -> int:
    """Return the largest resident set so far, mapped pages of the file included."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024


if __name__ == "__main__":
    sys.exit(main())
