"""Sections ``tempo``, ``key`` and ``lead``: are the requests' wishes heard in the clips?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import Case, render
from descant.export.evaluation.keys import PROFILE, name_key
from descant.export.evaluation.real import clip_mel
from descant.export.evaluation.tempo import measure_tempo, same_tempo
from descant.export.judge import Judge
from descant.models.judge_spec import HEADS
from descant.models.theory.notes import Key
from tests.bench.clips import make_clips, plain_request
from tests.bench.context import Bench, read_samples
from tests.bench.figures import Figure, percent
from tests.bench.reconstruction import CLIPS, through_vae

NAN = float("nan")


def measure_tempos(bench: Bench) -> list[Figure]:
    """Share of clips whose tempo, by librosa's beat tracker, is the asked one."""
    real = _tempo_share(bench, bench.real_files())
    made = _tempo_share(bench, _made_files(bench)) if bench.pack else NAN
    name = f"tempo within 4 %, octaves allowed ({bench.requests} requests)"
    return [Figure("tempo", name, made, "%", at_least=0.85, beside=f"real {percent(real)}")]


def measure_keys(bench: Bench) -> list[Figure]:
    """Share of clips in the asked key and mode."""
    real = _key_shares(bench, bench.real_files())
    made = _key_shares(bench, _made_files(bench)) if bench.pack else (NAN, NAN)
    beside = f"real {percent(real[0])} ({PROFILE})"
    relative = "key, or its relative, dominant or subdominant neighbour"
    return [
        Figure("key", "key and mode as asked", made[0], "%", at_least=0.65, beside=beside),
        Figure("key", relative, made[1], "%", beside=f"real {percent(real[1])}"),
    ]


def measure_leads(bench: Bench) -> list[Figure]:
    """Share of clips whose lead instrument the judge names; the limit is 60 % of its own."""
    judge = Judge(threads=bench.threads)
    shares = []
    for files in (bench.real_files(), _made_files(bench) if bench.pack else []):
        heard = _hear_leads(judge, bench.map(_mel_of, files, "leads: mels"))
        pairs = list(zip(heard, bench.cases, strict=False))
        first = [names[0] == case.piece.truth.lead for names, case in pairs]
        third = [case.piece.truth.lead in names[:3] for names, case in pairs]
        shares.append((_share(first), _share(third)))
    real, made = shares
    return [
        Figure(
            "lead", "lead instrument recognised, share of the ceiling", made[0] / real[0], "%",
            at_least=0.6, beside=f"{percent(made[0])} of clips, real {percent(real[0])}",
        ),
        Figure(
            "lead", "lead among the three likeliest", made[1], "%",
            beside=f"real {percent(real[1])}",
        ),
        Figure(
            "lead", f"recognised in real clips through VAE and vocoder ({CLIPS})",
            _decoded_share(bench, judge) if bench.pack else NAN, "%",
            beside="no denoiser can do better",
        ),
    ]  # fmt: skip


def _decoded_share(bench: Bench, judge: Judge) -> float:
    """Share of real clips whose lead the codec alone leaves recognisable."""
    cases = bench.cases[:CLIPS]
    mels = [clip_mel(through_vae(bench, case, render(case))) for case in cases]
    heard = _hear_leads(judge, mels)
    return _share([n[0] == c.piece.truth.lead for n, c in zip(heard, cases, strict=True)])


def _hear_leads(judge: Judge, mels: Sequence[NDArray[np.float32]]) -> list[list[str]]:
    """Return all names for each clip, most likely first."""
    if not mels:
        return []
    orders = judge.hear(mels).shares["lead"].argsort(1)[:, ::-1]
    return [[HEADS["lead"][i] for i in order] for order in orders]


def _made_files(bench: Bench) -> list[Path]:
    return [clip.path for clip in make_clips(bench, "requests", plain_request)]


def _tempo_share(bench: Bench, files: Sequence[Path]) -> float:
    tempos = bench.listen(measure_tempo, files)
    return _share(
        [same_tempo(t, _asked_tempo(c)) for t, c in zip(tempos, bench.cases, strict=True)]
    )


def _key_shares(bench: Bench, files: Sequence[Path]) -> tuple[float, float]:
    names = bench.listen(name_key, files)
    pairs = [(Key.parse(n), c.piece.truth.key) for n, c in zip(names, bench.cases, strict=True)]
    return _share([a == b for a, b in pairs]), _share([near_key(a, b) for a, b in pairs])


def near_key(heard: Key, asked: Key) -> bool:
    """Whether two keys are the same or share all notes but one."""
    homes = [key.tonic + (3 if key.mode == "minor" else 0) for key in (heard, asked)]
    return (homes[0] - homes[1]) % 12 in (0, 5, 7)


def _asked_tempo(case: Case) -> float:
    return case.piece.truth.tempo_bpm


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else NAN


def _mel_of(path: Path) -> NDArray[np.float32]:
    return clip_mel(read_samples(path))
