"""One process of an evaluation: the pack's engine and the judge, and what is asked of them."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import AUDIO, FRAMES, SECONDS, Case, level, make_case
from descant.export.evaluation.kinds import KINDS, Kind
from descant.export.evaluation.melody import Score, in_seconds, note_score, top_line
from descant.export.evaluation.real import Ears, Shelf, clip_mel, clip_samples, use_ears
from descant.export.evaluation.transcribe import Heard
from descant.export.judge import Judge
from descant.models.synthset.gallery import story
from descant.models.synthset.piece import Split
from descant.models.theory.control import control_track
from descant.runtime import Clip, Engine, Request
from descant.runtime.conditioning import embed_melody, load_tokenizer
from descant.runtime.encode import encode_audio
from descant.runtime.pieces import drain
from descant.runtime.query import QueryReader

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Setup:
    """What every process of an evaluation is told."""

    pack: str
    cache: Path
    split: Split
    seed: int
    judge: Path | None
    """Folder of the judge; None for the one that ships with descant."""


@dataclass(frozen=True, slots=True)
class RealClip:
    """One real clip and its piece's other views."""

    views: dict[str, FloatArray]
    """(512,) unit vectors by modality: audio, melody, caption, prompt, story, picture."""
    features: FloatArray
    """(128,) of the judge."""
    shares: dict[str, FloatArray]
    """(classes,) probabilities by head."""
    ears: Ears | None
    f1: Score | None
    """Of the melody heard in it."""


@dataclass(frozen=True, slots=True)
class MadeClip:
    """One generated clip; as ``RealClip``."""

    audio: FloatArray
    query: FloatArray
    """(512,) what was asked."""
    features: FloatArray
    shares: dict[str, FloatArray]
    ears: Ears | None
    f1: Score | None
    own_f1: Score | None = None
    """Of the clip's own notes, without a transcriber between."""
    rise_db: float | None = None
    """How much louder the last third is than the first."""
    seconds: float = 0.0
    """That it took to make."""


class Studio:
    """Engine, judge and shelf, each on one thread, so that results don't depend on the machine."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.engine = Engine.open(setup.pack, "cpu", 1)
        self.shelf = Shelf(setup.cache, setup.split)

    @cached_property
    def judge(self) -> Judge:
        """The judge."""
        return Judge(self.setup.judge, 1)

    @cached_property
    def reader(self) -> QueryReader:
        """Reads requests into the pack's space, as generating does."""
        pack = self.engine.pack
        return QueryReader(pack.spec.pipeline, self.engine.sessions, load_tokenizer(pack))

    def hear_real(self, seed: int, pictures: bool, ears: bool) -> RealClip:
        """Return a real clip with all its views.

        Args:
            seed: Of the piece.
            pictures: Whether the pack has a tower for them.
            ears: Whether to measure tempo, key and notes as well.
        """
        case = make_case(seed, self.setup.split)
        mel = self.shelf.mel(case)
        track = control_track(case.piece.sheet, FRAMES, AUDIO.frame_rate, case.start_seconds)
        views = {
            "audio": self._embed(mel),
            "melody": drain(embed_melody(self.engine.sessions, track))[0],
            "caption": self._query(prompt=case.caption),
            "prompt": self._query(prompt=case.prompt),
            "story": self._query(story=story(case.piece)),
        }
        if pictures:
            views["picture"] = self._query(images=(self.shelf.picture(case),))
        verdict = self.judge.hear([mel])
        heard = self.shelf.ears(case) if ears else None
        shares = {name: rows[0] for name, rows in verdict.shares.items()}
        return RealClip(views, verdict.features[0], shares, heard, _heard_f1(case, heard))

    def make(self, kind_name: str, seed: int) -> MadeClip:
        """Generate and hear one clip."""
        kind = next(k for k in KINDS if k.name == kind_name)
        case = make_case(seed, self.setup.split)
        with tempfile.TemporaryDirectory() as folder:
            fields = kind.ask(case, self._file(kind, case, Path(folder)))
            request = Request(**fields, seconds=SECONDS, seed=case.seed + self.setup.seed)
            query = drain(self.reader.read(request)).text.embedding[0]
            begin = time.perf_counter()
            clip = self.engine.generate(request)
            seconds = time.perf_counter() - begin
        return self._hear(kind, case, clip, query, seconds)

    def _file(self, kind: Kind, case: Case, folder: Path) -> Path:
        """Return the file that a request brings along, written first if there is one."""
        if kind.brings == "picture":
            return self.shelf.picture(case)
        sound = folder / "sound.wav"
        if kind.brings == "sound":
            rate = AUDIO.sample_rate
            sound.write_bytes(encode_audio(clip_samples(case)[None], rate, ".wav", 16, ""))
        return sound

    def _hear(
        self, kind: Kind, case: Case, clip: Clip, query: FloatArray, seconds: float
    ) -> MadeClip:
        samples = level(clip.samples.mean(0, dtype=np.float32))
        mel = clip_mel(samples)
        verdict = self.judge.hear([mel])
        ears = use_ears(samples, kind.ears == "notes") if kind.ears in ("tempo", "notes") else None
        return MadeClip(
            audio=self._embed(mel),
            query=query,
            features=verdict.features[0],
            shares={name: rows[0] for name, rows in verdict.shares.items()},
            ears=ears,
            f1=_heard_f1(case, ears),
            own_f1=_own_f1(case, clip) if kind.ears == "notes" else None,
            rise_db=_rise(samples) if kind.ears == "course" else None,
            seconds=seconds,
        )

    def _embed(self, mel: FloatArray) -> FloatArray:
        out = self.engine.sessions["audio_encoder"].run(mel=mel[None])
        embedding: FloatArray = out["embedding"][0]
        return embedding

    def _query(self, **fields: Any) -> FloatArray:
        return drain(self.reader.read(Request(**fields))).text.embedding[0]


def _heard_f1(case: Case, ears: Ears | None) -> Score | None:
    """Score the top line of what a transcriber heard against the piece's melody."""
    if ears is None or ears.notes is None:
        return None
    return _melody_score(case, [Heard(*row) for row in ears.notes])


def _own_f1(case: Case, clip: Clip) -> Score | None:
    if clip.sheet is None:
        return None
    return _melody_score(case, in_seconds(clip.notes, clip.sheet.tempo_bpm))


def _melody_score(case: Case, heard: list[Heard]) -> Score:
    asked = in_seconds(case.melody, case.piece.truth.tempo_bpm)
    return note_score(asked, top_line(heard, min((n.pitch for n in asked), default=0)))


def _rise(samples: FloatArray) -> float:
    third = len(samples) // 3
    first, last = (
        float(np.sqrt(np.mean(np.square(part, dtype=np.float64))) + 1e-9)
        for part in (samples[:third], samples[-third:])
    )
    return 20.0 * float(np.log10(last / first))
