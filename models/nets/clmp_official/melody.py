"""The melody tower of MG2 (arXiv 2409.20196, section 3.1): a bag of tokens.

The published encoder averages the vectors of a melody's tokens over a fixed number of positions, so
their order tells nothing and how often each occurs tells everything.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from descant.models.clmp_spec import MelodyBagSpec


class MelodyBag(nn.Module):
    """Token counts to one vector."""

    def __init__(self, spec: MelodyBagSpec) -> None:
        super().__init__()
        self.positions = spec.positions
        width = spec.token_width
        # The published name, with its spelling.
        self.melody_embbedding_weight = nn.Embedding(spec.vocabulary, width)
        self.pooler = nn.ModuleDict({"dense": nn.Linear(width, width)})
        self.LayerNorm = nn.LayerNorm(width, spec.norm_epsilon)
        self.mlp_1024_to_768 = nn.Linear(width, spec.width)
        self.fc1 = nn.Linear(spec.width, spec.width)

    def forward(self, counts: Tensor) -> Tensor:
        """(B, vocabulary) float32, from ``melody_text.melody_counts`` -> (B, ``spec.width``)."""
        mean = counts @ self.melody_embbedding_weight.weight / self.positions
        x = self.LayerNorm(self.pooler["dense"](mean))
        x = functional.gelu(self.mlp_1024_to_768(x))
        return functional.gelu(self.fc1(x))
