"""Carry checkpoints between machines: half precision or int8, in parts of a limited size.

``python tools/checkpoints.py pack FOLDER OUT best vae clmp`` writes ``OUT/checkpoints.000`` and on;
``python tools/checkpoints.py unpack OUT FOLDER`` writes ``FOLDER/vae.best.pt`` and so on.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

PART_BYTES = 15 << 20
LARGE = 16384
"""Elements from which a matrix may be int8."""


def pack(folder: Path, out: Path, kind: str, phases: list[str], int8: bool) -> None:
    """Write the checkpoints of phases, those that there are, in parts."""
    kept: dict[str, Any] = {}
    for phase in phases:
        path = folder / f"{phase}.{kind}.pt"
        if path.exists():
            content = torch.load(path, map_location="cpu")
            rest = {k: content[k] for k in ("metrics", "minutes", "step") if k in content}
            model = {k: _shrink(v, int8) for k, v in content["model"].items()}
            kept[path.name] = {"model": model, **rest}
    buffer = io.BytesIO()
    torch.save(kept, buffer)
    content = buffer.getvalue()
    out.mkdir(parents=True, exist_ok=True)
    for i, begin in enumerate(range(0, len(content), PART_BYTES)):
        (out / f"checkpoints.{i:03d}").write_bytes(content[begin : begin + PART_BYTES])


def unpack(source: Path, folder: Path) -> None:
    """Put the parts together and write every checkpoint."""
    parts = sorted(source.glob("checkpoints.*"))
    kept = torch.load(io.BytesIO(b"".join(part.read_bytes() for part in parts)))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in kept.items():
        content["model"] = {k: _widen(v) for k, v in content["model"].items()}
        torch.save(content, folder / name)


def _shrink(value: Tensor, int8: bool) -> Any:
    if not value.is_floating_point():
        return value
    if not int8 or value.dim() < 2 or value.numel() < LARGE:
        return value.half() if value.abs().max() < 6e4 else value
    tries = []
    for axis in (0, 1) if value.dim() == 2 else (0,):
        others = [a for a in range(value.dim()) if a != axis]
        scale = value.abs().amax(others, keepdim=True).clamp(min=1e-12) / 127.0
        whole = (value / scale).round()
        tries.append((float((whole * scale - value).square().mean()), whole.char(), scale))
    return min(tries, key=lambda t: t[0])[1:]


def _widen(value: Any) -> Any:
    if isinstance(value, tuple):
        return value[0].float() * value[1]
    return value.float() if value.is_floating_point() else value


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("folder", type=Path)
    packing.add_argument("out", type=Path)
    packing.add_argument("kind", help="best, last or start")
    packing.add_argument("phases", nargs="+")
    packing.add_argument("--int8", action="store_true", help="a quarter of the size")
    opening = commands.add_parser("unpack")
    opening.add_argument("source", type=Path)
    opening.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "pack":
        pack(options.folder, options.out, options.kind, options.phases, options.int8)
    else:
        unpack(options.source, options.folder)


if __name__ == "__main__":
    main()
