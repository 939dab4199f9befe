"""BLIP's captioner: a folder of transformers becomes graphs that write what it writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="torch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")

from PIL import Image  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from descant.export.blip import MAX_TOKENS, export_blip  # noqa: E402
from descant.export.checkpoints.blip_folder import open_blip_folder  # noqa: E402
from descant.export.errors import ExportInputError  # noqa: E402
from descant.export.network_run import PackOptions  # noqa: E402
from descant.runtime.blip import BlipCaptioner, join_pieces, open_captioner  # noqa: E402
from descant.runtime.captions import Sight  # noqa: E402
from descant.runtime.cli import main  # noqa: E402
from descant.runtime.errors import PackError, PackFormatError  # noqa: E402

pytestmark = pytest.mark.torch

TOKENS, BEGIN, END, SIDE = 120, 118, 5, 32
WORDS = ["[PAD]", "[UNK]", "[CLS]", ".", "a", "[SEP]",
         *(f"##p{i}" if i % 5 == 0 else f"w{i}" for i in range(6, BEGIN))]  # fmt: skip
MEAN, STD = (0.4, 0.5, 0.6), (0.2, 0.25, 0.3)


@dataclass(frozen=True)
class Made:
    """A folder, its network as its own library has it, and what was made of it."""

    folder: Path
    theirs: Any
    captioner: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a small captioner with random weights, exported."""
    torch.set_num_threads(2)
    torch.manual_seed(3)
    root = tmp_path_factory.mktemp("blip")
    theirs = _network()
    theirs.save_pretrained(root / "theirs")
    (root / "theirs" / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    _write(root / "theirs" / "preprocessor_config.json", {"image_mean": MEAN, "image_std": STD})
    out = root / "captioner"
    arguments = ["export", "import", "blip", str(root / "theirs"), "-o", str(out)]
    assert main([*arguments, "--precision", "fp32", "--json"]) == 0
    return Made(root / "theirs", theirs, out)


def _network() -> Any:
    same = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2}
    config = transformers.BlipConfig(
        text_config={
            **same, "num_attention_heads": 4, "vocab_size": TOKENS, "bos_token_id": BEGIN,
            "sep_token_id": END, "eos_token_id": END, "pad_token_id": 0,
            "max_position_embeddings": 40,
        },
        vision_config={**same, "num_attention_heads": 2, "image_size": SIDE, "patch_size": 8},
    )  # fmt: skip
    network: Any = transformers.BlipForConditionalGeneration(config)
    with torch.no_grad():  # as drawn they differ too little to say anything
        for name, parameter in network.named_parameters():
            scale = 0.4 if parameter.dim() > 1 else 0.1 if name.endswith("bias") else 0.0
            parameter.add_(torch.randn_like(parameter) * scale)
    return network.eval()


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _pictures(count: int) -> list[NDArray[np.uint8]]:
    """Return noise in several colours."""
    rng = np.random.default_rng(5)
    colours = rng.integers(0, 200, (count, 1, 1, 3))
    return list((rng.integers(0, 56, (count, 50, 70, 3)) + colours).astype(np.uint8))


def test_it_writes_the_tokens_that_transformers_does(made: Made) -> None:
    captioner = BlipCaptioner(made.captioner, threads=1)
    seen = set()
    for pixels in _pictures(6):
        small = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        planes = (np.asarray(small) / 255.0 - MEAN) / STD
        values = torch.tensor(planes.transpose(2, 0, 1)[None], dtype=torch.float32)
        wanted = made.theirs.generate(
            pixel_values=values, do_sample=False, num_beams=1, max_length=MAX_TOKENS
        )[0].tolist()
        tokens, score = captioner.write(pixels)
        assert [BEGIN, *tokens] == [token for token in wanted if token != END]
        assert 0.0 < score <= 1.0
        seen.add(tokens)
    assert len(seen) > 1
    captioner.close()


def test_captions_are_words_of_the_vocabulary(made: Made) -> None:
    captioner = BlipCaptioner(made.captioner, threads=1)
    (pixels,) = _pictures(1)
    tokens, score = captioner.write(pixels)
    (found,) = captioner.captions([Sight("a.png", pixels, 1.5)])
    assert found.text == join_pieces([WORDS[token] for token in tokens if token < len(WORDS)])
    assert found.text
    assert (found.name, found.second, found.score) == ("a.png", 1.5, score)
    captioner.close()


def test_the_manifest_says_what_it_is(made: Made) -> None:
    with open_captioner(made.captioner) as pack:
        spec = pack.spec
        assert spec.writing.begin == BEGIN
        assert set(spec.graphs) == {"picture_encoder", "caption_decoder"}
        assert all(g.parity and g.parity.relative_error < 1e-5 for g in spec.graphs.values())
    manifest = made.captioner / "pack.json"
    assert str(made.folder) not in manifest.read_text(encoding="utf-8")


def test_words_are_joined_as_people_write_them() -> None:
    pieces = ["[CLS]", "a", "dog", "'", "s", "snow", "##ball", ",", "t", "-", "shirt", ".", "[SEP]"]
    assert join_pieces(pieces) == "a dog's snowball, t-shirt."


def test_a_tokenizer_file_will_do_and_half_precision_too(made: Made, tmp_path: Path) -> None:
    folder = _copied(made, tmp_path)
    (folder / "vocab.txt").unlink()
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    _write(folder / "tokenizer.json", {"model": {"type": "WordPiece", "vocab": vocabulary}})
    tensors = load_file(folder / "model.safetensors")
    save_file({name: t.half() for name, t in tensors.items()}, folder / "model.safetensors")
    found = open_blip_folder(folder)
    assert found.words == tuple(WORDS)
    assert found.states["decoder"]["bias"].dtype == torch.float32


def _copied(made: Made, root: Path) -> Path:
    return Path(shutil.copytree(made.folder, root / "copy"))


def _settings(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        change(config)
        _write(folder / "config.json", config)

    return edit


def _weights(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        change(tensors)
        save_file(tensors, folder / "model.safetensors")

    return edit


_BIAS = "text_decoder.cls.predictions.bias"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_settings(lambda c: c.update(model_type="clip")), "not 'blip'"),
        (_settings(lambda c: c.pop("text_config")), "no text_config"),
        (_settings(lambda c: c["vision_config"].update(hidden_act="relu")), "activation 'relu'"),
        (_settings(lambda c: c["vision_config"].update(patch_size=7)), "can't be split"),
        (_settings(lambda c: c["text_config"].update(bos_token_id=-1)), "no tokens"),
        (_settings(lambda c: c["text_config"].update(num_hidden_layers=3)), "missing"),
        (_weights(lambda t: t.pop(_BIAS)), "missing"),
        (_weights(lambda t: t[_BIAS].fill_(float("nan"))), "NaN"),
        (_weights(lambda t: t.update({"text_decoder.bert.more": t[_BIAS].clone()})), "unexpected"),
        (
            _weights(
                lambda t: t.update(
                    {"text_decoder.cls.predictions.decoder.weight": torch.zeros(TOKENS, 32)}
                )
            ),
            "different vectors",
        ),
        (lambda folder: (folder / "vocab.txt").write_bytes(b"\xff\xfe"), "not text"),
        (lambda folder: (folder / "vocab.txt").write_text("w\n" * 500), "500 words"),
        (lambda folder: (folder / "vocab.txt").unlink(), "tokenizer.json"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 9), "damaged"),
    ],
)
def test_other_folders_are_refused(
    made: Made, tmp_path: Path, edit: Callable[[Path], object], message: str
) -> None:
    folder = _copied(made, tmp_path)
    edit(folder)
    out = tmp_path / "out"
    with pytest.raises(ExportInputError, match=message) as caught:
        export_blip(folder, out, PackOptions("fp32"), lambda name, share: None)
    assert caught.value.hint
    assert not out.exists()


def test_other_packs_are_no_captioners(made: Made, tmp_path: Path, tiny_pack: Path) -> None:
    for folder, message in ((tmp_path, "no captioner"), (tiny_pack, "not a captioner")):
        with pytest.raises(PackError, match=message) as caught:
            BlipCaptioner(folder)
        assert caught.value.hint
    changed = Path(shutil.copytree(made.captioner, tmp_path / "changed"))
    manifest = json.loads((changed / "pack.json").read_text(encoding="utf-8"))
    manifest["writing"]["end"] = TOKENS
    _write(changed / "pack.json", manifest)
    with pytest.raises(PackFormatError, match=r"writing\.end"):
        BlipCaptioner(changed)
