"""Makes the clips of one row, in whatever process that is."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from descant.runtime.batch.job import Job, MadeFile, Outcome, Settings, failed, made_file
from descant.runtime.engine import Engine
from descant.runtime.errors import DescantError, GenerationCancelled
from descant.runtime.progress import OnProgress


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """Open the pack for as many rows as there are."""
    with Engine.open(settings.pack, settings.device, settings.threads) as engine:
        yield engine


def make_row(
    engine: Engine, job: Job, settings: Settings, on_progress: OnProgress | None = None
) -> Outcome:
    """Make a row's clips and write their files, each whole; what fails is an outcome too.

    Raises:
        GenerationCancelled: ``on_progress`` raised it.
    """
    begin = time.perf_counter()
    try:
        clips = engine.generate_many(job.request(), on_progress)
        files: list[MadeFile] = []
        for clip, name in zip(clips, job.file_names(settings.suffix), strict=True):
            path = clip.save(Path(settings.folder) / name, settings.bit_depth)
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            files.append(made_file(name, clip, sha256, len(content)))
    except GenerationCancelled:
        raise
    except DescantError as error:
        return failed(job, str(error), error.hint, time.perf_counter() - begin)
    except MemoryError:
        return failed(job, "out of memory", "ask for fewer seconds, or use fewer workers")
    made_s = round(time.perf_counter() - begin, 3)
    return Outcome(job.name, job.line, job.fingerprint, "done", tuple(files), made_s=made_s)


def make_content(engine: Engine, job: Job, settings: Settings) -> tuple[Outcome, list[bytes]]:
    """Make a row's clips on a machine that may not share our disk: return the files' content."""
    with tempfile.TemporaryDirectory(prefix="descant-") as folder:
        kept = Settings(
            settings.pack, settings.device, settings.threads, settings.suffix,
            settings.bit_depth, folder,
        )  # fmt: skip
        outcome = make_row(engine, job, kept)
        return outcome, [(Path(folder) / made.file).read_bytes() for made in outcome.files]
