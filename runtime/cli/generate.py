"""``descant generate``."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from descant.runtime.cli.console import check_threads, print_json, progress_bar
from descant.runtime.clip import Clip, check_target, no_notes
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.files import check_not_inputs, check_writable, numbered
from descant.runtime.process_memory import peak_rss_mb
from descant.runtime.request import Request
from descant.runtime.story import read_story_file

INPUTS = ("images", "video", "audio", "hum", "init", "continues")
"""Files that a receipt names."""

if TYPE_CHECKING:
    from descant.runtime.engine import Engine


def run(options: argparse.Namespace) -> int:
    """Make clips and write them with what else was asked for."""
    request = _request(options)
    threads = check_threads(options.threads)
    _check_outputs(options)
    from descant.runtime.engine import Engine

    begin = time.perf_counter()
    with Engine.open(
        options.pack, options.device, threads, memory_budget_mb=options.memory_mb
    ) as engine:
        opened_ms = (time.perf_counter() - begin) * 1000
        if options.midi and not engine.has_notes:
            raise no_notes(options.midi, engine.pack.spec.id)
        about: dict[str, Any] = {}
        if options.explain or options.captioner or options.bridge_model:
            request, about["explanation"] = _with_explanation(engine, request, options)
        with progress_bar(not options.json) as show:
            clips = engine.generate_many(request, show)
        about |= _about(engine)
    seconds = time.perf_counter() - begin
    reports = [_write(clip, i, options, opened_ms) for i, clip in enumerate(clips, 1)]
    total = {"rtf": round(seconds / sum(clip.seconds for clip in clips), 4), **about}
    _print(options, clips, [{**report, **total} for report in reports])
    return 0


def _request(options: argparse.Namespace) -> Request:
    """Return what the options ask for."""
    return Request(
        prompt=options.prompt,
        negative_prompt=options.negative,
        story=read_story_option(options.story),
        audio=options.audio,
        images=tuple(options.image),
        video=options.video,
        image_strength=options.image_strength,
        image_branch=options.image_branch,
        melody=options.melody,
        hum=options.hum,
        tempo_bpm=options.bpm,
        key=options.key,
        seconds=options.seconds,
        bars=options.bars,
        loop=options.loop,
        seed=options.seed,
        steps=options.steps,
        guidance_scale=options.guidance,
        melody_strength=options.melody_strength,
        count=options.count,
        sampler=options.sampler,
        eta=options.eta,
        candidates=options.candidates,
        init=options.init,
        strength=options.strength,
        inpaint=options.inpaint,
        deadline_ms=options.deadline_ms,
        continues=options.continues,
        joined=options.joined,
        caption=options.caption,
        music_prompt=options.music_prompt,
    )


def read_story_option(words: str) -> str:
    """Return a story that is given as such, or as @FILE."""
    path = story_file(words)
    return words if path is None else read_story_file(path)


def story_file(words: str) -> str | None:
    """Return the name of the file that a story is in; None when it is given as such."""
    return words[1:] if words.startswith("@") else None


def _with_explanation(
    engine: Engine, request: Request, options: argparse.Namespace
) -> tuple[Request, dict[str, Any]]:
    """Find words for music and ask for it by them too."""
    from descant.runtime.cli.explain import explained, print_explanation, with_words
    from descant.runtime.sight import given_film

    request = dataclasses.replace(request, video=given_film(request.video))  # looked at once
    found = explained(engine, request, options)
    if not options.json:
        print_explanation(found)
    return with_words(engine, request, found), found.to_json()


def _check_outputs(options: argparse.Namespace) -> None:
    """Fail before the work, not after it."""
    if not 1 <= options.count <= 1000:
        raise RequestError(
            f"count must be from 1 to 1000, got {options.count}", hint="1 is the default"
        )
    targets = [Path(options.output)]
    check_target(targets[0])
    for name, path, suffixes in (
        ("--plot", options.plot, (".png",)),
        ("--midi", options.midi, (".mid", ".midi")),
    ):
        if path is None:
            continue
        if Path(path).suffix.lower() not in suffixes:
            raise OutputError(
                f"{name}: can't write {path!r:.300}", hint=f"end the name in {suffixes[0]}"
            )
        check_writable(path)
        targets.append(Path(path))
    if len({target.absolute() for target in targets}) < len(targets):
        raise OutputError("two outputs have the same name", hint="give each its own")
    names = (numbered(path, i + 1, options.count) for path in targets for i in range(options.count))
    check_not_inputs(names, _inputs(options))


def _inputs(options: argparse.Namespace) -> list[str | None]:
    """Return the names of all files that are read."""
    one = (options.audio, options.video, options.melody, options.hum, options.init)
    return [*options.image, *one, options.continues, story_file(options.story)]


def _about(engine: Engine) -> dict[str, Any]:
    """Say which devices were not taken, and which engines that were built ahead of time."""
    skipped = [dataclasses.asdict(skipped) for skipped in engine.choice.skipped]
    return {"skipped": skipped, "engines": engine.sessions.engines}


def _write(
    clip: Clip, number: int, options: argparse.Namespace, opened_ms: float
) -> dict[str, Any]:
    begin = time.perf_counter()
    path = clip.save(numbered(options.output, number, options.count), options.bit_depth)
    if options.midi:
        clip.save_midi(numbered(options.midi, number, options.count))
    if options.plot:
        from descant.runtime.plot import plot_clip

        plot_clip(clip, numbered(options.plot, number, options.count))
    written_ms = (time.perf_counter() - begin) * 1000
    asked = clip.receipt["request"]
    timings = {"open": round(opened_ms, 3), **clip.timings_ms, "write": round(written_ms, 3)}
    return {
        "path": str(path),
        "seed": clip.seed,
        "seconds": clip.seconds,
        "sample_rate": clip.sample_rate,
        "channels": clip.channels,
        "bars": asked["bars"],
        "loop": clip.loop,
        "device": clip.device,
        "timings_ms": timings,
        "inputs": {name: asked[name] for name in INPUTS if asked[name] is not None},
        "retrieved": [dataclasses.asdict(neighbour) for neighbour in clip.retrieved],
        "music": clip.receipt["music"],
        "similarity": clip.similarity,
        "seam_score": clip.seam_score,
        "gave_up": list(clip.gave_up),
        "preview": clip.preview,
        "warnings": list(clip.warnings),
    }


def _print(
    options: argparse.Namespace, clips: tuple[Clip, ...], reports: list[dict[str, Any]]
) -> None:
    if options.json:
        memory = {"peak_rss_mb": peak_rss_mb()}
        more = {"clips": reports} if len(reports) > 1 else {}
        print_json({**reports[0], **memory, **more})
        return
    for warning in dict.fromkeys(text for clip in clips for text in clip.warnings):
        print(f"descant: warning: {warning}", file=sys.stderr)
    for clip, report in zip(clips, reports, strict=True):
        music = clip.receipt["music"]
        played = f" in {music['key']}, {music['tempo_bpm']:g} bpm" if music else ""
        lead = f", melody: {clip.retrieved[0].title}" if clip.retrieved else ""
        loop = f", loop of {report['bars']} bars" if clip.loop else ""
        print(f"{report['path']}: {clip.seconds:g} s{loop}{played}, seed {clip.seed}{lead}")
