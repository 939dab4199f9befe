"""Write a pack: all files beside the old one, then one rename."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from descant.models.spec import FileSpec, PackSpec
from descant.models.strict_json import to_json


def file_spec(name: str, content: bytes) -> FileSpec:
    """Describe a file of the pack."""
    return FileSpec(name, hashlib.sha256(content).hexdigest(), len(content))


def write_pack(folder: Path, spec: PackSpec, contents: dict[str, bytes]) -> None:
    """Replace ``folder`` by a pack with these files.

    A kill at any moment leaves the old pack, or the new one, or (between two renames) the old one
    beside it under a name that ends in ``.old``.

    Args:
        folder: The pack's folder.
        spec: What ``pack.json`` says.
        contents: File name -> bytes, everything but ``pack.json``.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in contents.items():
            (part / name).write_bytes(content)
        text = json.dumps(to_json(spec), indent=1, ensure_ascii=False)
        (part / "pack.json").write_text(text + "\n", encoding="utf-8")
        part.chmod(0o755)
        old = folder.with_name(f"{folder.name}.old")
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
            folder.replace(old)
        part.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)
