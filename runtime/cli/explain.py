"""``descant explain``, and the same words for ``descant generate``."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
from typing import TYPE_CHECKING

from descant.runtime.captions import Explanation
from descant.runtime.cli.console import check_threads, print_json
from descant.runtime.cli.generate import read_story_option
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.captions import Bridge
    from descant.runtime.engine import Engine


def add_chain(parser: argparse.ArgumentParser) -> None:
    """Add the options that change how pictures become words for music."""
    add = parser.add_argument
    add("--caption", default="", metavar="TEXT", help="what the pictures show, in your words")
    add("--music-prompt", default="", metavar="TEXT", help="what music they make, in your words")
    add("--captioner", metavar="DIR", help="describe pictures with this network")
    add("--bridge-model", metavar="DIR", help="find words for music with this language model")


def add_explained(parser: argparse.ArgumentParser) -> None:
    """Add these options, and that which shows what comes of them, to another command."""
    parser.add_argument(
        "--explain", action="store_true", help="find words for the pictures' music and show them"
    )
    add_chain(parser)


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Describe ``descant explain``."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("prompt", nargs="?", default="", metavar="PROMPT", help="what else is asked for")
    add("--image", action="extend", nargs="+", default=[], metavar="FILE", help="pictures")
    add("--video", metavar="FILE", help="a film")
    add("--story", default="", metavar="TEXT|@FILE", help="a text that the music goes with")
    add_chain(parser)


def run(options: argparse.Namespace) -> int:
    """Print the way from pictures to a prompt for music."""
    from descant.runtime.engine import Engine

    request = Request(
        prompt=options.prompt,
        story=read_story_option(options.story),
        images=tuple(options.image),
        video=options.video,
        caption=options.caption,
        music_prompt=options.music_prompt,
    )
    threads = check_threads(options.threads)
    with Engine.open(options.pack, options.device, threads) as engine:
        found = explained(engine, request, options)
    if options.json:
        print_json(found.to_json())
    else:
        print_explanation(found)
    return 0


def explained(engine: Engine, request: Request, options: argparse.Namespace) -> Explanation:
    """Take the steps with the captioner and the bridge that the options name."""
    from descant.runtime.chain import explain

    bridge: Bridge | None = None
    if options.bridge_model:
        from descant.runtime.language import LanguageBridge

        bridge = LanguageBridge(options.bridge_model, options.threads)
    if not options.captioner:
        return explain(engine, request, None, bridge)
    from descant.runtime.blip import BlipCaptioner

    with contextlib.closing(BlipCaptioner(options.captioner, options.threads)) as captioner:
        return explain(engine, request, captioner, bridge)


def with_words(engine: Engine, request: Request, found: Explanation) -> Request:
    """Return a request that asks for the music that was found.

    Pictures act beside their words where the pack sees them, and through them alone elsewhere.
    """
    sees = "picture_encoder" in engine.pack.spec.graphs
    request = dataclasses.replace(request, music_prompt=found.music_prompt)
    if sees:
        return request
    return dataclasses.replace(request, images=(), video=None, image_branch=None)


def print_explanation(found: Explanation) -> None:
    """Print every step on a line of its own."""
    for caption in found.captions:
        place = "" if caption.second is None else f" at {caption.second:.1f} s"
        print(f"{caption.name}{place}: {caption.text} ({caption.score:.2f})")
    if found.description:
        by = _author(found, "caption", found.captioner)
        print(f"description ({by}): {found.description}")
    by = _author(found, "music_prompt", found.bridge)
    print(f"music prompt ({by}): {found.music_prompt}")
    if found.tags:
        print("  " + ", ".join(f"{t.kind} {t.word} {t.score:.2f}" for t in found.tags))


def _author(found: Explanation, step: str, name: str) -> str:
    return "yours" if step in found.edited else name
