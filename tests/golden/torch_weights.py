"""Fill a torch network with an entry's weights."""

from __future__ import annotations

import re

import torch
from torch import nn

from tests.golden.golden_format import KEPT
from tests.golden.harness import Case, weights


def load_weights(module: nn.Module, case: Case, unused: str = "$^") -> None:
    """Load an entry's weights into a network whose parameters have the official names.

    Args:
        module: Mutated, and switched to evaluation.
        case: Entry, or inner entry, of the network.
        unused: Pattern of the keys that the published files hold and no output depends on.

    Raises:
        AssertionError: A key is missing in the network, or unexpected, or has another shape.
    """
    drawn = {
        key: torch.from_numpy(value)
        for key, value in weights(case).items()
        if not re.search(unused, key)
    }
    state = module.state_dict()
    own = {key: tuple(value.shape) for key, value in state.items()}
    kept = (case.parent if case.is_inner else case).kept
    theirs = {key: tuple(value.shape) for key, value in drawn.items()}
    theirs |= {key: kept.get(key, shape) for key, shape in own.items() if KEPT.search(key)}
    assert own == theirs, sorted(set(own.items()) ^ set(theirs.items()))
    module.load_state_dict({**state, **drawn})
    module.eval()
