"""A program that is frozen by PyInstaller plays: the hook brings what is loaded by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from descant.runtime import read_receipt
from descant.runtime.pyinstaller import hook_dirs
from tests.elsewhere import environment

PROGRAM = """
import sys
from descant.runtime import Engine, Request, Soundtrack
from descant.runtime.pack_source import built_in_names

print(*built_in_names())
with Engine.open(sys.argv[1], "cpu", 1) as engine:
    clip = engine.generate(Request(prompt="calm piano", seconds=1, seed=3, steps=1))
    clip.save(sys.argv[2])
    clip.save_midi(sys.argv[2] + ".mid")
    music = Soundtrack(engine, Request(prompt="calm", seed=1, steps=1), ("calm",), bars=1).render()
print(music.read(9).shape)
"""
ROOT = Path(__file__).resolve().parents[1]
NOT_NEEDED = (
    "IPython", "av", "matplotlib", "onnxruntime_genai", "pandas", "scipy", "sounddevice", "torch",
)  # fmt: skip
"""What other packages of this environment would bring along; a lean one does not have them."""


def test_the_hook_is_found() -> None:
    (folder,) = hook_dirs()
    assert (Path(folder) / "hook-descant.runtime.py").is_file()


@pytest.mark.slow
def test_a_frozen_program_plays(tmp_path: Path, tiny_pack: Path) -> None:
    pytest.importorskip("PyInstaller", reason="PyInstaller is not installed")
    (tmp_path / "play.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--onedir", "--name", "play"]
    command += [f"--additional-hooks-dir={folder}" for folder in hook_dirs()]
    command += [f"--exclude-module={name}" for name in NOT_NEEDED]
    # PyInstaller follows folders, and not the finder of an editable installation.
    subprocess.run([sys.executable, ROOT / "tools" / "link_packages.py"], check=True)
    command.append(f"--paths={ROOT / 'build' / 'packages'}")
    command += ["--distpath=dist", "--workpath=work", "--log-level=WARN", "play.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    program = tmp_path / "dist" / "play" / "play"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    said = subprocess.run(
        [program, str(tiny_pack), "a.wav"], cwd=tmp_path, env=kept, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr[-2000:]
    names, shape = said.stdout.splitlines()
    assert "starter" in names.split()
    assert shape == "(1, 9)"
    receipt = read_receipt(tmp_path / "a.wav")
    assert receipt is not None
    assert receipt["seed"] == 3
    assert (tmp_path / "a.wav.mid").stat().st_size > 0
