"""Settings: kept whole, read whatever the file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from descant.desktop.settings import AppSettings, SettingsStore, read_settings

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("theme", "scale", "pack", "x")), inner, max_size=4)
    ),
    max_leaves=8,
)


def test_a_change_is_announced_and_kept(tmp_path: Path, qtbot: QtBot) -> None:
    store = SettingsStore(tmp_path)
    with qtbot.waitSignal(store.changed) as heard:
        store.update(theme="dark", library_folder=tmp_path / "takes", volume_db=-6)
    assert heard.args == [store.value]
    store.close()
    again = SettingsStore(tmp_path).value
    assert again == store.value
    assert (again.theme, again.library_folder, again.volume_db) == ("dark", tmp_path / "takes", -6)


def test_nothing_is_announced_when_nothing_changes(tmp_path: Path, qtbot: QtBot) -> None:
    store = SettingsStore(tmp_path)
    with qtbot.assertNotEmitted(store.changed):
        store.update(theme=store.value.theme)
    assert not store.path.exists()


@pytest.mark.parametrize(
    "fields", [{"theme": "pink"}, {"scale": 7.0}, {"pack": 3}, {"audio_output": 1}, {"nothing": 1}]
)
def test_senseless_values_are_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be|there are no"):
        SettingsStore(tmp_path).update(**fields)


def test_one_bad_field_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"theme": "pink", "device": "cpu", "later": True}))
    found = read_settings(path)
    assert (found.theme, found.device) == ("system", "cpu")


@settings(deadline=None)
@given(content=JSON)
def test_no_file_keeps_the_app_from_starting(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(content))
    assert isinstance(read_settings(path), AppSettings)


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("")
    store = SettingsStore(tmp_path / "file" / "settings")
    with qtbot.waitSignal(store.write_failed):
        store.update(theme="dark")
    assert store.value.theme == "dark"
    store.close()
