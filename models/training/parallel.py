"""Several processes of one thread each that train one network: on a CPU they beat one with many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, distributed, nn
from torch.multiprocessing.spawn import spawn

TIMEOUT = timedelta(minutes=20)
"""The others wait this long while the first evaluates."""


@dataclass(frozen=True, slots=True)
class Peers:
    """This process among those that train together; alone by default."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the first process."""
        return self.rank == 0

    def first(self, value: float) -> float:
        """Return the first process's value in every process."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        distributed.broadcast(shared, 0)
        return float(shared)

    def agree(self, tensors: Iterable[Tensor]) -> None:
        """Overwrite tensors by the first process's."""
        if self.count > 1:
            for tensor in tensors:
                distributed.broadcast(tensor, 0)

    def mean_gradients(self, parameters: list[nn.Parameter]) -> None:
        """Replace every gradient by its mean over the processes."""
        if self.count == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        parts = torch.split(flat / self.count, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))


def run_together(count: int, work: Callable[[Peers], None]) -> None:
    """Call ``work`` in this process, or in ``count`` of them that can find each other."""
    if count == 1:
        work(Peers())
        return
    with TemporaryDirectory() as folder:
        spawn(_join, (count, folder, work), nprocs=count)  # type: ignore[no-untyped-call]


def _join(rank: int, count: int, folder: str, work: Callable[[Peers], None]) -> None:
    distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/peers", rank=rank, world_size=count, timeout=TIMEOUT
    )
    try:
        work(Peers(rank, count))
    finally:
        distributed.destroy_process_group()
