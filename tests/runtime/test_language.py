"""The bridge to a language model, run on one that the test builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime.captions import MAX_CHARACTERS, Scene, one_line
from descant.runtime.errors import BackendError, RequestError
from descant.runtime.language import LanguageBridge, answer_line, said
from tests.runtime.tiny_language import CONTEXT, TEMPLATE, write_language_model

SCENE = Scene("a deep forest at night", story="An owl calls.", prompt="with flute")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model's folder."""
    return write_language_model(tmp_path_factory.mktemp("language") / "tiny")


@pytest.fixture(scope="module")
def bridge(model: Path) -> LanguageBridge:
    """Return a bridge to the model."""
    return LanguageBridge(model, threads=1)


def broken(
    model: Path, folder: Path, change: Callable[[dict[str, dict[str, object]]], object]
) -> Path:
    """Copy a model and change its settings."""
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    path = folder / "genai_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_a_model_answers_the_same_bounded_line_every_time(bridge: LanguageBridge) -> None:
    first, again = (bridge.music_prompt(SCENE).text for _ in range(2))
    assert first == again
    assert 10 < len(first) <= MAX_CHARACTERS
    assert first == one_line(first)
    assert set(first) <= set(" abcdefghijklmnopqrstuvwxyz,")


def test_it_hears_what_the_scene_is(bridge: LanguageBridge) -> None:
    other = bridge.music_prompt(Scene("a sunny beach in the morning"))
    assert other.text != bridge.music_prompt(SCENE).text


NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"


@pytest.mark.parametrize("template", ["", NO_SYSTEM + TEMPLATE])
def test_models_that_know_no_system_or_no_conversation(tmp_path: Path, template: str) -> None:
    plain = write_language_model(tmp_path / "plain", template)
    assert LanguageBridge(plain, threads=1).music_prompt(SCENE).text


def test_no_record_is_kept_of_what_was_asked(model: Path, tmp_path: Path) -> None:
    code = (
        "from descant.runtime.captions import Scene\n"
        "from descant.runtime.language import LanguageBridge\n"
        f"LanguageBridge({str(model)!r}, 1).music_prompt(Scene('rain'))\n"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env={**kept, **home}, check=True, timeout=60)
    assert not list(tmp_path.rglob("*onnxruntime*"))


def test_it_may_not_take_for_ever(model: Path) -> None:
    with pytest.raises(BackendError, match="longer than 0 s") as caught:
        LanguageBridge(model, threads=1, timeout=0.0).music_prompt(SCENE)
    assert "--music-prompt" in caught.value.hint


def test_a_short_context_is_told(model: Path, tmp_path: Path) -> None:
    short = broken(model, tmp_path / "short", lambda c: c["model"].update(context_length=100))
    with pytest.raises(RequestError, match="reads 100 tokens"):
        LanguageBridge(short).music_prompt(SCENE)
    assert CONTEXT > 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("model"), "tells of no text model"),
        (lambda c: c["model"].update(context_length=0), "no text model"),
        (lambda c: c["model"]["decoder"].update(filename="../model.onnx"), "in this folder"),
        (lambda c: c["model"]["decoder"].update(filename="none.onnx"), "can't be read"),
        (
            lambda c: c["model"]["decoder"]["session_options"].update(custom_ops_library="x.so"),
            "library of its own",
        ),
        (lambda c: c["model"].update(type="no such type"), "can't be loaded"),
    ],
)
def test_wrong_settings_are_refused(
    model: Path,
    tmp_path: Path,
    change: Callable[[dict[str, dict[str, object]]], object],
    message: str,
) -> None:
    with pytest.raises(RequestError, match=message) as caught:
        LanguageBridge(broken(model, tmp_path / "wrong", change))
    assert caught.value.hint


@pytest.mark.parametrize("damage", ["no folder", "empty", "no json", "no graph", "no tokenizer"])
def test_wrong_folders_are_refused(model: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "wrong"
    if damage != "no folder":
        broken(model, folder, lambda config: None)
    if damage == "empty":
        for file in folder.iterdir():
            file.unlink()
    if damage == "no json":
        (folder / "genai_config.json").write_bytes(b"\xff\xfe")
    if damage == "no graph":
        (folder / "model.onnx").write_bytes(b"not a graph at all")
    if damage == "no tokenizer":
        (folder / "tokenizer.json").unlink()
    with pytest.raises(RequestError) as caught:
        LanguageBridge(folder)
    assert caught.value.hint


def test_a_graph_may_not_reach_outside_its_folder(model: Path, tmp_path: Path) -> None:
    import onnx

    folder = broken(model, tmp_path / "reaching", lambda config: None)
    graph = onnx.load(folder / "model.onnx")
    tensor = graph.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    with pytest.raises(RequestError, match="outside the file"):
        LanguageBridge(folder)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ('"calm piano"\nI hope you like it', "calm piano"),
        ("<think>hm,\nforest</think>\n\n**Music:** slow harp", "slow harp"),
        ("Music prompt: “dark drums”", "dark drums"),
        ("- tense strings: low and long", "tense strings: low and long"),
        ("  \n\t\n", ""),
    ],
)
def test_answers_are_cleaned(answer: str, line: str) -> None:
    assert answer_line(answer) == line


@settings(deadline=None)
@given(st.text(max_size=400))
def test_an_answer_is_one_line_whatever_it_is(answer: str) -> None:
    line = answer_line(answer)
    assert line == one_line(line)
    assert line.strip("\"'`*") == line


def test_what_is_asked_for_is_told_too() -> None:
    told = said(SCENE)
    assert told.splitlines() == [
        "a deep forest at night", "Story: An owl calls.", "The listener asks for: with flute"
    ]  # fmt: skip
    assert len(said(Scene("x", story="word " * 4000))) < 1500
