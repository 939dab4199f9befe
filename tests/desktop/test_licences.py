"""Every third-party component that is installed is named with its licence and its text."""

from __future__ import annotations

from importlib import metadata

import pytest

from descant.desktop.licences import OURS, components, licence_text, reachable, short_licence

LEAN = {"numpy", "onnxruntime", "faiss-cpu", "soundfile", "mido", "pillow", "tqdm"}


def test_all_that_is_needed_is_named_with_a_licence() -> None:
    found = {each.name.lower(): each for each in components()}
    assert list(found)[:2] == [OURS, "python"]
    assert LEAN | {"platformdirs"} <= set(found)
    assert all(each.version and each.licence for each in found.values())


@pytest.mark.parametrize("name", [OURS, "Python", *sorted(LEAN)])
def test_texts_are_shown_in_full(name: str) -> None:
    text = licence_text(name)
    assert len(text) > 400
    assert "\0" not in text


def test_qt_comes_with_its_notice_and_both_licences() -> None:
    pytest.importorskip("PySide6", reason="PySide6 is not installed")
    text = licence_text("PySide6-Essentials")
    version = metadata.version("PySide6-Essentials")
    for words in (
        f"Qt {version}",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "GNU GENERAL PUBLIC LICENSE",
        "source code",
        "TERMS AND CONDITIONS",
    ):
        assert words in text


def test_libsndfile_inside_soundfile_is_named() -> None:
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in licence_text("soundfile")


def test_what_only_tests_need_is_left_out() -> None:
    found = {(each.metadata["Name"] or "").lower(): each for each in metadata.distributions()}
    names = reachable(found)
    assert "numpy" in names
    assert "ruff" not in names
    assert reachable({"numpy": found["numpy"]}) == set()


def test_no_licence_is_made_up() -> None:
    found = metadata.distribution("numpy")
    assert short_licence(found) in str(found.metadata)
    assert licence_text("no such thing") == ""
