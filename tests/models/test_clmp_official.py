"""The published towers: their keys, what they are blind to, and the constants of the audio path."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from descant.models.clmp_spec import (
    AUDIOLDM_CLAP,
    AUDIOLDM_M_CLAP,
    DERIVED_CLMP_KEYS,
    MG2_CLMP,
    UNUSED_CLMP_KEYS,
    ClmpSpec,
    HtsatSpec,
    MelodyBagSpec,
    RobertaSpec,
)
from descant.models.melody_text import melody_counts, text_to_ids
from descant.models.nets.clmp_official.clmp import OfficialClmp
from descant.models.nets.clmp_official.mel_image import bicubic_matrix
from descant.models.nets.clmp_official.swin import relative_index, shift_mask, window_order
from tests.export.checkpoints.keys import TOWERS, published, without_prefix

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

SAMPLES = 60_000
SMALL = ClmpSpec(
    text=RobertaSpec(vocabulary=60, width=16, layers=2, heads=2, mlp_width=32),
    audio=HtsatSpec(embed_dim=8, depths=(2, 2), heads=(1, 2), image=64, n_mels=32, samples=SAMPLES),
    melody=MelodyBagSpec(token_width=16, width=12),
    dim=16,
)


def random_clmp(spec: ClmpSpec = SMALL) -> OfficialClmp:
    """Return towers of which no part is without effect."""
    clmp = OfficialClmp(spec).eval()
    for parameter in clmp.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return clmp


@pytest.mark.parametrize(
    ("kind", "spec"),
    [("mg2", MG2_CLMP), ("audioldm-s", AUDIOLDM_CLAP), ("audioldm-m", AUDIOLDM_M_CLAP)],
)
def test_full_size_has_the_published_keys_and_shapes(kind: str, spec: ClmpSpec) -> None:
    with torch.device("meta"):
        own = {key: value.shape for key, value in OfficialClmp(spec).state_dict().items()}
    theirs = without_prefix(published(kind), TOWERS[kind])
    needless = f"{UNUSED_CLMP_KEYS}|{DERIVED_CLMP_KEYS}"
    assert own == {k: v.shape for k, v in theirs.items() if not re.search(needless, k)}


def test_weights_can_be_assigned_to_a_network_without_memory() -> None:
    clmp, samples = random_clmp(), 0.1 * torch.randn(1, SAMPLES)
    with torch.device("meta"):
        empty = OfficialClmp(SMALL).eval()
    empty.load_state_dict(clmp.state_dict(), assign=True)
    with torch.no_grad():
        torch.testing.assert_close(empty.audio(samples), clmp.audio(samples), rtol=0, atol=0)


@torch.no_grad()
def test_embeddings_have_unit_length() -> None:
    clmp = random_clmp()
    ids = torch.randint(4, 60, (3, 7))
    made = (
        clmp.text(ids, torch.ones(3, 7)),
        clmp.audio(torch.randn(2, SAMPLES)),
        clmp.melody(torch.randint(0, 4, (2, 655)).float()),
    )
    for rows in made:
        torch.testing.assert_close(rows.norm(dim=-1), torch.ones(len(rows)))


@torch.no_grad()
def test_padding_changes_no_text() -> None:
    clmp = random_clmp()
    ids = torch.tensor([[0, 17, 23, 2]])
    alone = clmp.text(ids, torch.ones(1, 4))
    padded = functional.pad(ids, (0, 5), value=1)
    torch.testing.assert_close(clmp.text(padded, (padded != 1).long()), alone)
    assert not torch.allclose(clmp.text(ids.flip(1), torch.ones(1, 4)), alone)


@torch.no_grad()
def test_the_longest_text_fits() -> None:
    spec = SMALL.text
    assert spec is not None
    assert RobertaSpec().max_tokens == 512
    ids = torch.full((1, spec.max_tokens), 9)
    assert random_clmp().text(ids, torch.ones(ids.shape)).isfinite().all()


def test_sound_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="60000"):
        random_clmp().audio(torch.zeros(1, SAMPLES - 1))


@torch.no_grad()
def test_melody_tower_hears_counts_and_not_order() -> None:
    clmp = random_clmp()
    texts = ("<C4>,<100>,<79>|<E4>,<90>,<79>", "<E4>,<90>,<79>|<C4>,<100>,<79>", "<C4>,<100>,<79>")
    counts = np.stack([melody_counts(text_to_ids(text)) for text in texts])
    one, turned, shorter = clmp.melody(torch.from_numpy(counts))
    torch.testing.assert_close(one, turned)
    assert not torch.allclose(one, shorter)


def test_bicubic_matrix_is_torchs_interpolation() -> None:
    signal = torch.randn(1, 1, 101, 1)
    wanted = functional.interpolate(signal, (128, 1), mode="bicubic", align_corners=True)
    made = torch.from_numpy(bicubic_matrix(101, 128)).float() @ signal[0, 0]
    torch.testing.assert_close(made, wanted[0, 0], rtol=1e-4, atol=1e-4)


def test_interpolation_keeps_a_constant_and_the_ends() -> None:
    matrix = bicubic_matrix(1001, 1024)
    np.testing.assert_allclose(matrix.sum(1), 1.0, atol=1e-12)
    assert matrix[0, 0] == pytest.approx(1.0)
    assert matrix[-1, -1] == pytest.approx(1.0)
    np.testing.assert_array_equal(bicubic_matrix(9, 9).round(12), np.eye(9))


@pytest.mark.parametrize("shift", [0, 2])
def test_windows_hold_each_token_once(shift: int) -> None:
    order = window_order(12, 4, shift)
    assert order.shape == (9, 16)
    assert sorted(order.ravel()) == list(range(144))
    rows, columns = np.divmod(order[0], 12)
    assert set(rows) == set(columns) == {shift, shift + 1, shift + 2, shift + 3}


def test_shifted_windows_part_what_was_not_side_by_side() -> None:
    order, mask = window_order(12, 4, 2), shift_mask(12, 4, 2)
    rows, columns = np.divmod(order, 12)
    for window in range(9):
        far = np.zeros((16, 16), bool)
        for place in (rows[window], columns[window]):
            far |= np.abs(place[:, None] - place[None]) >= 4
        np.testing.assert_array_equal(mask[window], np.where(far, -100.0, 0.0))


def test_bias_depends_on_the_relative_place_only() -> None:
    index = relative_index(3)
    assert index[0, 0] == index[8, 8] == (5 * 5 - 1) // 2
    assert index[0, 4] == index[4, 8] != index[4, 0]
    assert len(np.unique(index)) == 25
    assert index[0, 1] - index[0, 0] == -1, "one column to the right"
    assert index[0, 3] - index[0, 0] == -5, "one row down"


@pytest.mark.parametrize(
    "sizes",
    [
        {"heads": (4, 8, 16)},
        {"n_mels": 60},
        {"samples": 600_000},
        {"image": 128, "n_mels": 64, "samples": 100_000},
        {"embed_dim": 30},
    ],
)
def test_impossible_sizes_are_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        HtsatSpec(**sizes)  # type: ignore[arg-type]


def test_heads_must_share_the_width() -> None:
    with pytest.raises(ValueError, match="multiple"):
        RobertaSpec(width=100)
