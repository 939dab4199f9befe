"""Languages: every text of the app has a German translation, compiled and used."""

from __future__ import annotations

import shutil
import string
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from descant.desktop.i18n import FOLDER, TRANSLATIONS, install_language, language_code
from descant.desktop.i18n.collect import compile_language, unfinished, update_language
from descant.desktop.keys_of_music import key_names, spoken_key


def placeholders(text: str) -> list[str]:
    """Return the names in braces."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_everything_is_translated_and_compiled(code: str, tmp_path: Path) -> None:
    name = f"descant_{code}"
    copy = Path(shutil.copy(FOLDER / f"{name}.ts", tmp_path))
    update_language(copy, code)
    again = "run python -m descant.desktop.i18n"
    assert unfinished(copy) == [], again
    assert copy.read_text(encoding="utf-8") == (FOLDER / f"{name}.ts").read_text("utf-8"), again
    compile_language(copy, copy.with_suffix(".qm"))
    assert copy.with_suffix(".qm").read_bytes() == (FOLDER / f"{name}.qm").read_bytes(), again


def test_translations_keep_what_is_filled_in() -> None:
    for message in ElementTree.parse(FOLDER / "descant_de.ts").getroot().iter("message"):
        source = message.findtext("source") or ""
        forms = message.findall("translation/numerusform") or message.findall("translation")
        for form in forms:
            assert placeholders(form.text or "") == placeholders(source), source


def test_german_is_spoken_when_it_is_chosen(styled: QApplication) -> None:
    try:
        assert install_language(styled, "de") == "de"
        assert QCoreApplication.translate("MakePage", "Make music") == "Musik machen"
        names = dict((str(key), name) for key, name in key_names())
        assert names["B minor"] == "H-Moll" == spoken_key("B minor")
        assert QLocale().toString(1.5) == "1,5"
    finally:
        install_language(styled, "en")
    assert QCoreApplication.translate("MakePage", "Make music") == "Make music"
    assert (spoken_key("B minor"), spoken_key("H lydian")) == ("B minor", "H lydian")


def test_an_unknown_system_language_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("fr_FR"))
    assert language_code("system") == "en"
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_AT"))
    assert language_code("system") == "de"
