"""The noise predictor of AudioLDM and MG2: a UNet over latents, time and condition as biases.

Parameter names are the official ones, so a checkpoint's ``model.diffusion_model.`` part (or the
moving average of it) fits as it is. The condition (MG2, eq. 9) is one linear layer, put beside the
time embedding; every residual block adds Linear(SiLU([time, condition])) to its feature map. As
SiLU is elementwise and a linear layer a sum over columns, the condition's share is the same at
every step of the sampler: ``condition_biases`` computes it once per clip.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import UNetConfig
from descant.models.nets.ldm.shapes import check_shape
from descant.models.nets.ldm.trunk import Trunk


class UNet(Trunk):
    """eps(x, t, y): the noise in noisy latents."""

    def __init__(self, config: UNetConfig | None = None) -> None:
        config = config or UNetConfig()
        super().__init__(config, 2 * config.time_dim)  # time and condition
        self.config = config
        self.film_emb = nn.Linear(config.condition_dim, config.time_dim)

    @property
    def bias_widths(self) -> list[int]:
        """Width of each residual block's bias, in the order of ``condition_biases``."""
        return [block.projection.out_features for block in self.res_blocks()]

    def condition_biases(self, y: Tensor) -> Tensor:
        """Return the condition's share of all biases (B, sum of ``bias_widths``), once per clip.

        Args:
            y: (B, 512), the query, or for MG2 (B, 1024), query and retrieved melody; unit halves.

        Raises:
            ShapeError: ``y`` has another shape.
        """
        check_shape(
            "y", y, "B", self.config.condition_dim,
            hint="AudioLDM takes one embedding of 512, MG2 two beside each other.",
        )  # fmt: skip
        condition = functional.silu(self.film_emb(y))
        return torch.cat([block.condition_bias(condition) for block in self.res_blocks()], 1)

    def forward(self, x: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """Return the predicted noise (B, 8, F, W); see ``forward_with_bias``."""
        return self.forward_with_bias(x, t, self.condition_biases(y))

    def forward_with_bias(self, x: Tensor, t: Tensor, bias: Tensor) -> Tensor:
        """Return the predicted noise (B, 8, F, W).

        Args:
            x: (B, 8, F, W) noisy latents; F and W are multiples of 8.
            t: (B,) timesteps of the training schedule, 0 … 999, any dtype.
            bias: From ``condition_biases``.

        Raises:
            ShapeError: One of them has another shape.
        """
        self._check(x, t, bias)
        time = functional.silu(self.time_embed(self.time_features(t)))
        parts = torch.split(bias, self.bias_widths, 1)
        blocks = zip(self.res_blocks(), parts, strict=True)
        return self.run(x, [block.time_bias(time) + part for block, part in blocks])

    def _check(self, x: Tensor, t: Tensor, bias: Tensor) -> None:
        stride = self.config.stride
        check_shape(
            "x", x, "B", self.config.in_channels, f"{stride}*F", f"{stride}*W",
            hint=f"Take a length of a multiple of {stride} latent frames.",
        )  # fmt: skip
        check_shape("t", t, x.shape[0], hint="Give one timestep per row of x.")
        check_shape(
            "bias", bias, x.shape[0], sum(self.bias_widths), hint="Take it from condition_biases."
        )
