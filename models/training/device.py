"""What the device that trains does fast."""

from __future__ import annotations

import torch


def has_fast_bf16(device: str) -> bool:
    """Whether bfloat16 is faster than float32; on a CPU with AVX2 alone it took ten times."""
    return is_cuda(device) or torch.cpu._is_avx512_bf16_supported()


def autocast(device: str) -> torch.autocast:
    """Compute in bfloat16 where that is fast, outside a training step, which does so by itself."""
    kind = torch.device(device).type
    return torch.autocast(kind, torch.bfloat16, enabled=has_fast_bf16(device))


def is_cuda(device: str) -> bool:
    """Whether a device's name is that of an NVIDIA card."""
    return torch.device(device).type == "cuda"


def prepare(device: str, threads: int) -> None:
    """Set the process up: CPU threads, and TensorFloat-32 for what stays float32 on a card."""
    torch.set_num_threads(threads)
    if is_cuda(device):
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
