"""The graph of one solver step of a latent diffusion, which ships with descant."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from descant.models.spec import GraphSpec, Shape, TensorSpec

SOLVER_STEP = "solver_step"
_LATENTS: Shape = ("B", "C", "F", "W")
_ROWS: Shape = ("R", "C", "F", "W")


def _floats(**shapes: Shape) -> dict[str, TensorSpec]:
    return {name: TensorSpec("float32", shape) for name, shape in shapes.items()}


SOLVER_SPEC = GraphSpec(
    file=f"{SOLVER_STEP}.onnx",
    sha256="",
    size_bytes=0,
    inputs=_floats(
        latents=_LATENTS,
        epsilon=_ROWS,
        history=_LATENTS,
        row=(6,),
        guidance_scale=(1,),
        fresh_noise=("b", "c", "f", "w"),
        keep=("kb", "kc", "kf", "kw"),
        keep_noise=("nb", "nc", "nf", "nw"),
        keep_level=(2,),
        mask=("mb", 1, "mf", "mw"),
    ),
    outputs=_floats(next_latents=_LATENTS, denoised=_LATENTS, batch=_ROWS),
)
"""Its inputs and outputs. It belongs to no pack, so nothing states its size and hash."""


@lru_cache(maxsize=1)
def solver_graph() -> bytes:
    """Return the ONNX file that ``descant.export.solver_graph`` wrote."""
    return (files("descant.runtime.graphs") / SOLVER_SPEC.file).read_bytes()
