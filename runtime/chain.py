"""The way from pictures to a prompt for music, in steps that can be seen and changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from descant.runtime.captions import (
    Bridge,
    Captioner,
    Explanation,
    MusicPrompt,
    Scene,
    Sight,
    merge_captions,
    one_line,
)
from descant.runtime.errors import RequestError
from descant.runtime.phrases import Embedder, NearestCaptioner, TagBridge
from descant.runtime.pictures import read_picture
from descant.runtime.request import Request
from descant.runtime.sight import given_film

if TYPE_CHECKING:
    from descant.runtime.engine import Engine


def explain(
    engine: Engine,
    request: Request,
    captioner: Captioner | None = None,
    bridge: Bridge | None = None,
) -> Explanation:
    """Say how a request's pictures, film and story become a prompt for music; make no music.

    To hear it, or a changed one, give its ``music_prompt`` to the request.

    Args:
        engine: Whose pack's own captioner and bridge are asked where no other is given.
        request: Its ``caption`` and ``music_prompt`` stand in place of what these would say.
        captioner: Such as ``BlipCaptioner``.
        bridge: Such as ``LanguageBridge``.

    Raises:
        RequestError: There is nothing to describe, a file can't be used, or the pack can't see.
        BackendError: A model fails or says nothing.
    """
    sights = read_sights(request)
    return engine.on_device(
        lambda pipeline: take_steps(
            request,
            sights,
            captioner or NearestCaptioner(pipeline.space),
            bridge or TagBridge(pipeline.space),
        )
    )


def take_steps(
    request: Request, sights: Sequence[Sight], captioner: Captioner, bridge: Bridge
) -> Explanation:
    """Take the steps that a person has not taken; each starts from what the one before says.

    Args:
        request: With a story, or words that stand in place of a step's.
        sights: Its pictures, and those of its film.
        captioner: Is asked unless the request has a caption or a music prompt.
        bridge: Is asked unless the request has a music prompt.

    Raises:
        RequestError: There is nothing to describe.
    """
    own_caption, own_prompt = one_line(request.caption), one_line(request.music_prompt)
    edits = {"caption": own_caption, "music_prompt": own_prompt}
    edited = tuple(name for name, text in edits.items() if text)
    if not (edited or sights or request.story.strip()):
        raise RequestError(
            "there is no picture, film or story to explain",
            hint="give one of them, or a caption of your own",
        )
    asked = bool(sights) and not edited
    captions = captioner.captions(sights) if asked else ()
    description = own_caption or merge_captions(captions)
    if own_prompt:
        prompt = MusicPrompt(own_prompt)
    else:
        seen = sights if asked and not (captioner.suffices and description) else ()
        prompt = bridge.music_prompt(Scene(description, tuple(seen), request.story, request.prompt))
    return Explanation(
        captions=captions,
        description=description,
        music_prompt=prompt.text,
        tags=prompt.tags,
        captioner=captioner.name if asked else "",
        bridge="" if own_prompt else bridge.name,
        edited=edited,
    )


def read_sights(request: Request) -> tuple[Sight, ...]:
    """Return a request's pictures and a film's, in their order.

    Raises:
        RequestError: A file is missing, damaged or something else.
        BackendError: There is a film, and PyAV is not installed.
    """
    pictures = [read_picture(path) for path in request.images]
    sights = [Sight(picture.name, picture.pixels) for picture in pictures]
    film = given_film(request.video)
    if film is not None:
        sights += [Sight(film.name, look.image, look.second) for look in film.frames]
    return tuple(sights)


def spoken(request: Request, space: Embedder) -> Request:
    """Let a request's caption and music prompt act: they become a part of its prompt.

    The caption stays, because it is also what an image branch inverts pictures with.
    """
    prompt = one_line(request.music_prompt)
    if not prompt and request.caption.strip():
        scene = Scene(one_line(request.caption), prompt=request.prompt)
        prompt = TagBridge(space).music_prompt(scene).text
    if not prompt:
        return request
    words = f"{request.prompt.strip()}, {prompt}" if request.prompt.strip() else prompt
    return dataclasses.replace(request, prompt=words, music_prompt="")
