"""Every Triton kernel as PTX for a chosen GPU, on a machine that need not have one."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from descant.kernels.fast import groupnorm_silu_triton, guided_step_triton
from descant.kernels.fast.launch import backward_tiles, forward_tiles
from descant.kernels.fast.synapse_backward import query_kernel, source_kernel
from descant.kernels.fast.synapse_forward import forward_kernel

CAPABILITIES = (86, 89, 90, 120)
"""RTX 30, RTX 40, H100 and RTX 50."""
DTYPE_BYTES = {"fp16": 2, "bf16": 2, "fp32": 4}
WIDTHS = (32, 40, 64, 80, 128)
"""Of heads, in the list of all builds."""
NORM_GROUPS = ((6, 4096), (18, 256), (30, 64))
"""Channels and pixels of a norm's group in MG2's UNet; 12 x 1024 makes the same kernel as 6."""
FLOAT32 = frozenset({"weight", "normaliser", "delta", "weight_gradient", "row", "guidance_scale"})
"""Arguments that point to fp32 whatever the data are."""
UNALIGNED = frozenset({"queries", "keys", "channels"})
"""Whole numbers of any size; the others are multiples of 16 in all models, strides where heads are.

Triton makes another variant, with narrow loads, when it meets numbers that are not."""
POINTER_ALIGNMENT = [["tt.divisibility", 16]]


@dataclass(frozen=True, slots=True)
class Build:
    """One kernel for one kind of inputs."""

    kernel: Any
    dtype: str
    """Of the data: fp16, bf16 or fp32."""
    constants: Mapping[str, Any]
    options: Mapping[str, Any]
    width: int = 0
    """Of a head, 0 where there is none."""

    @property
    def label(self) -> str:
        """The build in words."""
        detail = f" D={self.width}" if self.width else ""
        if "LAST" in self.constants:
            layout = "channels-last" if self.constants["LAST"] else "contiguous"
            detail = f" {self.constants['ROWS']}x{self.constants['COLUMNS']} {layout}"
        return f"{self.kernel.__name__} {self.dtype}{detail}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the compiler made of a build."""

    name: str
    """The entry point."""
    ptx: str
    warps: int
    shared_bytes: int
    registers: int
    """Per thread."""
    stack_bytes: int
    """Per thread: registers that had to be spilled to memory, 0 where all fit."""


def builds(dtypes: tuple[str, ...], widths: tuple[int, ...]) -> Iterator[Build]:
    """Yield every kernel as shipped, for each dtype and, where it has heads, each width."""
    for dtype in dtypes:
        for width in widths:
            yield synapse_build(dtype, width)
            tiles = backward_tiles(width, DTYPE_BYTES[dtype])
            yield Build(query_kernel, dtype, tiles.constants(width), tiles.options, width)
            yield Build(source_kernel, dtype, tiles.constants(width), tiles.options, width)
        step = guided_step_triton.constants(guided=True)
        yield Build(guided_step_triton.step_kernel, dtype, step, guided_step_triton.OPTIONS)
        for group, last in product(NORM_GROUPS, (False, True)):
            norm = groupnorm_silu_triton.constants(*group, channels_last=last)
            options = groupnorm_silu_triton.options(norm["ROWS"], norm["COLUMNS"])
            yield Build(groupnorm_silu_triton.norm_kernel, dtype, norm, options)


def synapse_build(dtype: str, width: int, normaliser: bool = True) -> Build:
    """Return the forward kernel; without ``normaliser`` it is the one for inference alone."""
    tiles = forward_tiles(width, DTYPE_BYTES[dtype])
    constants = tiles.constants(width) | ({} if normaliser else {"normaliser": None})
    return Build(forward_kernel, dtype, constants, tiles.options, width)


def compile_build(build: Build, capability: int) -> Compiled:
    """Compile a build for a compute capability such as 86.

    Raises:
        RuntimeError: Triton is set to interpret kernels (TRITON_INTERPRET), or lacks its tools.
    """
    if triton.knobs.runtime.interpret:
        raise RuntimeError("TRITON_INTERPRET is set, so that kernels were not kept for compiling")
    types = dict(_argument_types(build))
    attributes = {
        (i,): POINTER_ALIGNMENT
        for i, (name, kind) in enumerate(types.items())
        if kind.startswith("*") or (kind == "i32" and name not in UNALIGNED and _aligned(build))
    }
    source = ASTSource(build.kernel, types, dict(build.constants), attributes)
    target = GPUTarget("cuda", capability, 32)
    made = triton.compile(source, target=target, options=dict(build.options))
    registers, stack = _resources(made.asm["cubin"])
    meta = made.metadata
    return Compiled(meta.name, made.asm["ptx"], meta.num_warps, meta.shared, registers, stack)


def _argument_types(build: Build) -> Iterator[tuple[str, str]]:
    """Read the arguments' types from the kernel's annotations."""
    for parameter in build.kernel.params:
        name, annotation = parameter.name, parameter.annotation
        if parameter.is_constexpr or name in build.constants:
            yield name, "constexpr"
        elif annotation in ("i32", "fp32"):  # Triton's own words for int and float
            yield name, annotation
        else:
            yield name, "*fp32" if name in FLOAT32 else f"*{build.dtype}"


def _aligned(build: Build) -> bool:
    return build.width % 16 == 0


def _resources(cubin: bytes) -> tuple[int, int]:
    """Return registers and bytes of stack per thread, as Triton's own cuobjdump reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kernel.cubin"
        path.write_bytes(cubin)
        command = [triton.knobs.nvidia.cuobjdump.path, "--dump-resource-usage", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"REG:(\d+) STACK:(\d+)", done.stdout)
    if found is None:
        raise RuntimeError(f"cuobjdump did not tell the registers: {done.stderr.strip()}")
    return int(found[1]), int(found[2])
