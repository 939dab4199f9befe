"""``descant score``."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from descant.runtime.cli.console import check_threads, print_json, progress_bar
from descant.runtime.cli.generate import read_story_option, story_file
from descant.runtime.files import check_not_inputs
from descant.runtime.process_memory import peak_rss_mb
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.score import Score


def run(options: argparse.Namespace) -> int:
    """Look at a film, make its music and write it."""
    from descant.runtime.film import read_film
    from descant.runtime.film_writer import check_film_target
    from descant.runtime.score import FADE_SECONDS, MIX_DB, Laying, score_film

    begin = time.perf_counter()
    mix_db = MIX_DB if options.mix is None else options.mix
    fade = FADE_SECONDS if options.fade is None else options.fade
    laying = Laying(None if options.replace else mix_db, fade)
    threads = check_threads(options.threads)
    check_film_target(options.output, options.film)
    read = [options.audio, options.melody, story_file(options.story)]
    check_not_inputs([options.output], read)
    story = read_story_option(options.story)
    film = read_film(options.film)
    request = Request(
        prompt=options.prompt,
        story=story,
        audio=options.audio,
        video=film,
        image_strength=options.image_strength,
        melody=options.melody,
        tempo_bpm=options.bpm,
        key=options.key,
        seed=options.seed,
    )
    looked_ms = (time.perf_counter() - begin) * 1000
    from descant.runtime.engine import Engine

    with (
        Engine.open(options.pack, options.device, threads) as engine,
        progress_bar(not options.json) as show,
    ):
        score = score_film(engine, film, options.output, request, laying, show)
    seconds = time.perf_counter() - begin
    timings = {"look": round(looked_ms, 3), **score.timings_ms}
    _print(score, {**timings, "all": round(seconds * 1000, 3)}, options.json)
    return 0


def _print(score: Score, timings: dict[str, float], as_json: bool) -> None:
    film, clip = score.film, score.clip
    if as_json:
        report: dict[str, Any] = {
            "path": str(score.path),
            "seconds": film.seconds,
            "seed": clip.seed,
            "prompt": clip.request.prompt,
            "frames": [round(look.second, 3) for look in film.frames],
            "cuts": list(film.cuts),
            "levels": list(film.levels),
            "seam_score": clip.seam_score,
            "music": clip.receipt["music"],
            "device": clip.device,
            "timings_ms": timings,
            "warnings": list(score.warnings),
            "peak_rss_mb": peak_rss_mb(),
        }
        print_json(report)
        return
    for warning in dict.fromkeys(score.warnings):
        print(f"descant: warning: {warning}", file=sys.stderr)
    music = clip.receipt["music"]
    played = f" in {music['key']}, {music['tempo_bpm']:g} bpm" if music else ""
    said = clip.request.prompt.strip()
    what = f" of {said[:60]!r}" if said else f" after {len(film.frames)} of its pictures"
    seam = "" if clip.seam_score is None else f", seam score {clip.seam_score:.2f}"
    print(
        f"{score.path}: {film.seconds:.3f} s{what}{played}, "
        f"seed {clip.seed}{seam}, made in {timings['all'] / 1000:.1f} s"
    )
