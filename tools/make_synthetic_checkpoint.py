"""Write a checkpoint of published size, names and layout, with weights that follow from a formula.

    python -m tools.make_synthetic_checkpoint mg2 -o mg2.ckpt --files

The UNet's moving average, the VAE, the vocoder and the towers have the weights of the conformance
vectors' rule (``tests/golden/golden_format.py``) for their official names; the raw UNet has others,
so that a mix-up shows. What follows from the architecture, and what no importer needs, is zero. The
file is written tensor by tensor: memory stays at a few times the largest one. ``--files`` writes
what is published beside it: a tokenizer of RoBERTa's size and, for MG2, as many melodies as it has.
"""

from __future__ import annotations

import argparse
import io
import math
import pickle
import resource
import sys
import time
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tests.export.checkpoints.keys import AVERAGE, KINDS, TOWERS, UNET, published
from tests.export.small_models import melodies, write_melodies, write_tokenizer
from tests.golden.golden_format import KEPT, golden_tensor

ALIGNMENT = 64
ROOT = "archive"
RAW_SALT = "raw:"
VOCABULARY = 50265
MELODIES = 5119
"""The size of MG2's published melody.npy fits 5,100 to 5,150."""
CHUNK = 1 << 24
_STORAGES = {
    torch.float32: torch.FloatStorage,
    torch.int64: torch.LongStorage,
    torch.int32: torch.IntStorage,
}


@dataclass(frozen=True)
class Stub:
    """A tensor of the file before it is written; record ``data/<index>`` holds its numbers."""

    name: str
    index: int
    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32

    @property
    def size_bytes(self) -> int:
        """Length of its record."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True)
class Storage:
    """The numbers that a stub refers to."""

    stub: Stub


class Pickler(pickle.Pickler):
    """Pickles stubs as ``torch.save`` does tensors of a CUDA device."""

    def persistent_id(self, obj: Any) -> tuple[Any, ...] | None:
        """Name a record instead of writing its numbers."""
        if not isinstance(obj, Storage):
            return None
        stub = obj.stub
        numbers = math.prod(stub.shape)
        return ("storage", _STORAGES[stub.dtype], str(stub.index), "cuda:0", numbers)

    def reducer_override(self, obj: Any) -> Any:
        """Say how a tensor is put together again."""
        if not isinstance(obj, Stub):
            return NotImplemented
        strides = tuple(math.prod(obj.shape[axis + 1 :]) for axis in range(len(obj.shape)))
        hooks: OrderedDict[str, Any] = OrderedDict()
        rebuild = torch._utils._rebuild_tensor_v2
        return rebuild, (Storage(obj), 0, obj.shape, strides, False, hooks)


class Stubs:
    """Numbers the tensors in the order in which the file has them."""

    def __init__(self) -> None:
        self.all: list[Stub] = []

    def add(self, name: str, shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> Stub:
        """Return the next tensor's stub."""
        self.all.append(Stub(name, len(self.all), shape, dtype))
        return self.all[-1]


def content(kind: str, stubs: Stubs, optimizer: bool) -> dict[str, Any]:
    """Return what the pickle holds: a PyTorch Lightning checkpoint."""
    listed = published(kind)
    state = OrderedDict((n, stubs.add(n, tuple(t.shape), t.dtype)) for n, t in listed.items())
    for name, shape, dtype in _unlisted(kind):
        state[name] = stubs.add(name, shape, dtype)
    unet = [tuple(t.shape) for n, t in listed.items() if n.startswith(UNET)]
    adam = {
        index: {"step": stubs.add("", ()), "exp_avg": stubs.add("", shape),
                "exp_avg_sq": stubs.add("", shape)}
        for index, shape in enumerate(unet if optimizer else [])
    }  # fmt: skip
    groups = [{"lr": 1e-4, "betas": (0.9, 0.999), "eps": 1e-8, "params": list(adam)}]
    return {
        "epoch": 1,
        "global_step": 1,
        "state_dict": state,
        "optimizer_states": [{"state": adam, "param_groups": groups}] if optimizer else [],
        "lr_schedulers": [],
    }


def _unlisted(kind: str) -> Iterator[tuple[str, tuple[int, ...], torch.dtype]]:
    """Return some of the keys that real files have beyond the lists."""
    copies = [TOWERS[kind]] + (["clap.model."] if kind == "mg2" else [])
    for prefix in copies:
        yield prefix + "text_branch.embeddings.position_ids", (1, 514), torch.int64
    if kind == "mg2":
        yield "first_stage_model.loss.logvar", (), torch.float32
        yield "first_stage_model.loss.discriminator.main.0.weight", (64, 1, 4, 4), torch.float32


def values(stub: Stub, official: dict[str, str]) -> NDArray[np.float32] | None:
    """Return a tensor's numbers, or nothing for zeros."""
    name, salt = stub.name, ""
    for prefix in ("first_stage_model.vocoder.", "first_stage_model.", *TOWERS.values()):
        if name.startswith(prefix):
            name = name.removeprefix(prefix)
            break
    else:
        if name.startswith(UNET):
            name, salt = name.removeprefix(UNET), RAW_SALT
        elif name in official:
            name = official[name]
        elif name != "scale_factor":
            return None
    if KEPT.search(name) or name.startswith("loss.") or not stub.dtype.is_floating_point:
        return None
    return golden_tensor(name, stub.shape, salt)


def write(path: Path, kind: str, optimizer: bool) -> None:
    """Write the checkpoint."""
    stubs = Stubs()
    pickled = io.BytesIO()
    Pickler(pickled, protocol=2).dump(content(kind, stubs, optimizer))
    unet = [stub.name.removeprefix(UNET) for stub in stubs.all if stub.name.startswith(UNET)]
    official = {AVERAGE + name.replace(".", ""): name for name in unet}
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        _record(archive, "data.pkl", len(pickled.getvalue()), pickled.getvalue())
        _record(archive, "byteorder", 6, b"little")
        for stub in stubs.all:
            numbers = values(stub, official)
            data = None if numbers is None else np.ascontiguousarray(numbers, "<f4").data.cast("B")
            _record(archive, f"data/{stub.index}", stub.size_bytes, data)
        _record(archive, "version", 2, b"3\n")


def _record(
    archive: zipfile.ZipFile, name: str, size: int, data: bytes | memoryview | None
) -> None:
    """Write one record, its data aligned as in PyTorch's files; without data, zeros."""
    info = zipfile.ZipInfo(f"{ROOT}/{name}")
    info.file_size = size
    assert archive.fp is not None
    begin = archive.fp.tell() + 30 + len(info.filename) + 4
    padding = -begin % ALIGNMENT
    info.extra = b"FB" + padding.to_bytes(2, "little") + b"Z" * padding
    with archive.open(info, "w") as record:
        if data is not None:
            record.write(data)
        else:
            for start in range(0, size, CHUNK):
                record.write(bytes(min(CHUNK, size - start)))


def main() -> None:
    """Write the file and say what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument(
        "--no-optimizer", dest="optimizer", action="store_false",
        help="leave out the state of AdamW, which is two more copies of the UNet",
    )  # fmt: skip
    parser.add_argument("--files", action="store_true", help="write what goes beside it, too")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    write(arguments.output, arguments.kind, arguments.optimizer)
    if arguments.files:
        write_tokenizer(arguments.output.parent, VOCABULARY)
        if arguments.kind == "mg2":
            write_melodies(arguments.output.parent, melodies(MELODIES))
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kB on Linux
    size = arguments.output.stat().st_size / 1e9
    sys.stdout.write(f"{size:.2f} GB in {seconds:.0f} s, peak memory {peak:.2f} GB\n")


if __name__ == "__main__":
    main()
