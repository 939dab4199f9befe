"""Stable Diffusion's networks as far as a picture's attention needs them (Rombach et al. 2022).

The UNet with its text and the way into the VAE. Parameter names are the official ones; layers that
version 2 keeps as matrices are pointwise convolutions here, which compute the same.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import AutoencoderConfig
from descant.models.nets.ldm.autoencoder import Encoder, Posterior
from descant.models.nets.ldm.blocks import conv1
from descant.models.nets.ldm.shapes import check_shape
from descant.models.nets.ldm.transformer import Taps
from descant.models.nets.ldm.trunk import Trunk
from descant.models.sd_spec import PictureUNetConfig

PICTURE_VAE = AutoencoderConfig(
    ch_mult=(1, 2, 4, 4), z_channels=4, embed_dim=4, in_channels=3, out_ch=3
)
"""The published size, of all versions."""


class PictureUNet(Trunk):
    """What the training's prediction type asks for, and how the way up attends to itself."""

    def __init__(self, config: PictureUNetConfig | None = None) -> None:
        config = config or PictureUNetConfig()
        super().__init__(config, config.time_dim, config.condition_dim)
        self.config = config

    def forward(self, x: Tensor, t: Tensor, text: Tensor) -> tuple[Tensor, Taps]:
        """Predict, and tell keys and values.

        Args:
            x: (B, 4, H, W) noisy latents; H and W are multiples of 8.
            t: (B,) timesteps of the training schedule, 0 … 999.
            text: (B, L, D) states of the text tower.

        Returns:
            The prediction (B, 4, H, W), and for each transformer block on the way up, lowest
            resolution first, its self-attention's keys and values (B, heads, tokens, head width),
            whose tokens are positions row by row.

        Raises:
            ShapeError: One of them has another shape.
        """
        stride = self.config.stride
        check_shape(
            "x", x, "B", self.config.in_channels, f"{stride}*H", f"{stride}*W",
            hint=f"Take latents whose sides are multiples of {stride}.",
        )  # fmt: skip
        check_shape("t", t, x.shape[0], hint="Give one timestep per row of x.")
        check_shape("text", text, x.shape[0], "L", self.config.condition_dim)
        time = functional.silu(self.time_embed(self.time_features(t)))
        taps: Taps = []
        biases = [block.projection(time) for block in self.res_blocks()]
        return self.run(x, biases, text, taps), taps


class PictureEncoder(nn.Module):
    """The VAE from a picture to the diffusion's latents, without its decoder."""

    def __init__(self, config: AutoencoderConfig = PICTURE_VAE, scale_factor: float = 1.0) -> None:
        super().__init__()
        self.config, self.scale_factor = config, scale_factor
        self.encoder = Encoder(config)
        self.quant_conv = conv1(2 * config.z_channels, 2 * config.embed_dim)

    def forward(self, picture: Tensor) -> Tensor:
        """Return (B, 4, H, W), the posterior's mean times the scale factor.

        Args:
            picture: (B, 3, 8H, 8W), sRGB in -1 … 1.

        Raises:
            ShapeError: It has another shape.
        """
        stride = self.config.stride
        check_shape(
            "picture", picture, "B", self.config.in_channels, f"{stride}*H", f"{stride}*W",
            hint=f"Take a picture whose sides are multiples of {stride}.",
        )  # fmt: skip
        return Posterior.of(self.quant_conv(self.encoder(picture))).mean * self.scale_factor
