"""Loop points of FLAC and OGG files: the tags LOOPSTART and LOOPLENGTH, as RPG Maker reads them.

libsndfile writes a few tags with fixed names only. Two of them are written with as many bytes as
the loop's need, and renamed in the finished file: no size and no offset changes. An OGG page's
check sum has to be set anew afterwards.

RPG Maker MV looks for them in the first 255 bytes of the tags and reads digits up to the next
byte that is none. So they come first, and what follows each has a length that is no digit either.
"""

from __future__ import annotations

import re
from typing import Any

_FILLING = "~"


def reserve_loop(file: Any, samples: int) -> None:
    """Make room in the tags of a ``soundfile.SoundFile``; call before its comment is set."""
    start, length = _tags(samples)
    file.album = _FILLING * (len(start) - len("album="))
    file.genre = _FILLING * (len(length) - len("genre="))
    file.software = "descant"


def write_loop(content: bytes, samples: int) -> bytes:
    """Return a file with the loop's tags in the room that was made for them.

    Raises:
        ValueError: There is no such room.
    """
    for name, tag in zip((b"album", b"genre"), _tags(samples), strict=True):
        room = b"(?i)" + name + b"=%b{%d}" % (_FILLING.encode(), len(tag) - len(name) - 1)
        content, found = re.subn(room, tag.encode(), content, count=1)
        if not found:
            raise ValueError(f"no room for {tag}")
    return content


def _tags(samples: int) -> tuple[str, str]:
    return "LOOPSTART=0", f"LOOPLENGTH={samples}"
