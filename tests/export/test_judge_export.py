"""The judge's graph and card: written by the exporter, refused when they are not whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from descant.export.__main__ import main
from descant.export.errors import ExportInputError
from descant.export.judge import CARD_FILE, GRAPH_FILE, Judge
from descant.models.judge_spec import HEADS
from descant.models.nets.judge import Judge as JudgeNet

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def test_graph_and_network_agree(judge_folder: Path) -> None:
    net = JudgeNet()
    net.load_state_dict(torch.load(judge_folder.parent / "judge.best.pt")["model"])
    judge = Judge(judge_folder)
    mel = np.random.default_rng(0).normal(-0.5, 1.5, (128, 300)).astype(np.float32)
    with torch.no_grad():
        features, *logits = net.eval()(torch.from_numpy(mel)[None])
    heard = judge.hear([mel, mel[:, :90]])
    assert heard.features.shape == (2, 128)
    assert float(np.abs(heard.features[0] - features[0].numpy()).max()) < 0.1
    for name, head in zip(HEADS, logits, strict=True):
        np.testing.assert_allclose(heard.shares[name].sum(1), 1.0, rtol=1e-5)
        np.testing.assert_allclose(heard.shares[name][0], head[0].softmax(0).numpy(), atol=0.02)
    assert (judge_folder / GRAPH_FILE).stat().st_size < 2_000_000
    assert judge.spec.metrics == {"mood": 0.1, "minutes": 1.0, "steps": 7.0}


def test_a_damaged_judge_is_refused(judge_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportInputError, match="no card") as caught:
        Judge(tmp_path)
    assert "descant.export judge" in caught.value.hint
    card = (judge_folder / CARD_FILE).read_text(encoding="utf-8")
    (tmp_path / CARD_FILE).write_text(card, encoding="utf-8")
    with pytest.raises(ExportInputError, match="no graph"):
        Judge(tmp_path)
    (tmp_path / GRAPH_FILE).write_bytes(b"x" + (judge_folder / GRAPH_FILE).read_bytes()[1:])
    with pytest.raises(ExportInputError, match="not what its card says"):
        Judge(tmp_path)
    (tmp_path / CARD_FILE).write_text(json.dumps({**json.loads(card), "more": 1}))
    with pytest.raises(ExportInputError, match=r"judge\.more: unknown key"):
        Judge(tmp_path)


def test_an_untrained_phase_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "--training", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert "judge.best.pt" in capsys.readouterr().out


def test_a_pack_needs_its_folder_and_version() -> None:
    with pytest.raises(SystemExit):
        main(["starter", "--training", "nowhere"])
