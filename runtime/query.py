"""What is asked, by words, story, pictures, film, sound or any mix, as one place in CLMP space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import PipelineSpec
from descant.models.tokenizer import Tokenizer
from descant.runtime.conditioning import Text, encode_text
from descant.runtime.film import Film
from descant.runtime.inputs import Inputs, Source, no_eyes, source
from descant.runtime.pictures import Picture, read_picture
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions
from descant.runtime.settled import IMAGE_STRENGTH
from descant.runtime.sight import FilmSight, Pixels, can_see, embed_pictures, see_film
from descant.runtime.sound import embed_sound, read_sound, unit_mean
from descant.runtime.story import read_story
from descant.runtime.story_pool import story_pool

FloatArray = NDArray[np.float32]
Scene = Callable[[float, float], FloatArray]
"""Two seconds to a (1, D) place in CLMP space."""

ADAPTS_PROMPT = False
"""Whether a prompt goes through the caption adapter of a pack that has one."""
PICTURE_WEIGHT = 0.7
"""Of a picture beside words, at a strength of 1. With 1.0 the starter's music has the sentence's
lead in 7 of 100 clips fewer than without the picture, with this in 1, and the same moods (400
clips)."""


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """All that a request says, but its melody."""

    text: Text
    """Its embedding is the mean of what is present; its tokens are those of the words."""
    negative: Text
    is_empty: bool
    """Whether nothing is said; the embedding is then that of the empty text."""
    pictures: tuple[Pixels, ...]
    """(H, W, 3) each: those that were given, and one of the film; none at a strength of 0."""
    levels: tuple[float, ...]
    """0 … 1 at even steps over the film; none without one."""
    scene: Scene | None
    """What is asked while a part of the film goes on; None where no film is seen."""
    inputs: Inputs
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Parts:
    """Places in CLMP space that a query is the mean of."""

    rows: list[FloatArray] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, row: FloatArray, weight: float = 1.0) -> None:
        self.rows.append(row)
        self.weights.append(weight)

    def mean(self) -> FloatArray:
        even = all(weight == 1.0 for weight in self.weights)
        return unit_mean(self.rows, None if even else self.weights)


class QueryReader:
    """Reads requests for a starter pack."""

    def __init__(self, pipeline: PipelineSpec, sessions: Sessions, tokenizer: Tokenizer) -> None:
        self._pipeline = pipeline
        self._sessions = sessions
        self._tokenizer = tokenizer

    def read(
        self, request: Request, image_strength: float = IMAGE_STRENGTH, film: Film | None = None
    ) -> Pieces[Query]:
        """Encode all that is given; read all files but the melody's.

        Args:
            request: Of which ``video`` has become ``film``.
            image_strength: Times ``PICTURE_WEIGHT`` the weight of the pictures together, and of the
                film, where all else has 1.
            film: Of ``read_film``; None for none.

        Raises:
            RequestError: A file can't be used, or the pack can't take its kind.
        """
        warnings, parts, audio = list(film.warnings if film else ()), _Parts(), None
        prompt = yield from self._text("prompt", request.prompt, warnings)
        negative = yield from self._text("negative prompt", request.negative_prompt, warnings)
        if prompt.tokens:
            parts.add(prompt.embedding)
        text = yield from self._with_story(request, prompt, parts, warnings)
        if request.audio is not None:
            yield Piece("read a sound")
            sound = read_sound(request.audio, self._pipeline.audio.sample_rate)
            parts.add((yield from embed_sound(self._sessions, self._pipeline.audio, sound)))
            warnings += sound.warnings
            audio = source(sound)
        given = []
        for path in request.images:
            yield Piece("read a picture")
            given.append(read_picture(path))
        pictures, sight = yield from self._look(given, film, image_strength, parts)
        if parts.rows:
            text = replace(text, embedding=parts.mean())
        seconds = tuple(round(look.second, 3) for look in film.frames) if film else ()
        images = tuple(Source(picture.name, picture.sha256) for picture in given)
        return Query(
            text,
            negative,
            not parts.rows,
            pictures,
            sight.levels if sight else film.levels if film else (),
            _scene(parts, sight),
            Inputs(images, source(film), seconds, audio),
            tuple(warnings),
        )

    def encode(self, text: str) -> Pieces[FloatArray]:
        """(1, D) place of a text, as ``read`` finds it for a prompt."""
        encoded = yield from encode_text(self._sessions, self._tokenizer, text)
        return (yield from self._adapted(encoded)).embedding

    def _text(self, name: str, text: str, warnings: list[str]) -> Pieces[Text]:
        encoded = yield from encode_text(self._sessions, self._tokenizer, text)
        if encoded.truncated:
            limit = self._tokenizer.max_tokens - 2
            warnings.append(f"the {name} is long: only its first {limit} words or so were read")
        if encoded.tokens and encoded.unknown == encoded.tokens:
            warnings.append(f"no word of the {name} is known: the music is a guess")
        return (yield from self._adapted(encoded))

    def _adapted(self, text: Text) -> Pieces[Text]:
        if not ADAPTS_PROMPT or "caption_adapter" not in self._sessions.pack.spec.graphs:
            return text
        out = yield from call(self._sessions, "caption_adapter", embedding=text.embedding)
        return replace(text, embedding=out["adapted"])

    def _with_story(
        self, request: Request, prompt: Text, parts: _Parts, warnings: list[str]
    ) -> Pieces[Text]:
        """Add a story; return the text whose tokens are read."""
        if not request.story.strip():
            return prompt
        known: list[bool] = []

        def encode(piece: str) -> Pieces[FloatArray]:
            text = yield from encode_text(self._sessions, self._tokenizer, piece)
            known.append(text.unknown < text.tokens)
            place: FloatArray = text.embedding[0]
            return place

        pool = story_pool(self._sessions, self._tokenizer)
        story = yield from read_story(request.story, encode, pool, self._is_read_whole)
        if not story.is_whole:
            warnings.append("the story is long: only its beginning was read")
        if not any(known):
            warnings.append("no word of the story is known: the music is a guess")
        parts.add(story.embedding[None])
        # The tokens are the prompt's, and as far as there is room those of the story's gist.
        words = f"{request.prompt} {story.gist}"
        return (yield from encode_text(self._sessions, self._tokenizer, words))

    def _is_read_whole(self, text: str) -> bool:
        return not self._tokenizer.encode(text).truncated

    def _look(
        self, given: Sequence[Picture], film: Film | None, strength: float, parts: _Parts
    ) -> Pieces[tuple[tuple[Pixels, ...], FilmSight | None]]:
        """Add pictures, then the film; return what is seen of both, and of the film."""
        if (given or film) and not can_see(self._sessions):
            raise no_eyes(self._sessions.pack.spec.id)
        pictures = [picture.pixels for picture in given]
        if strength == 0.0:
            return (), None
        if pictures:
            rows = yield from embed_pictures(self._sessions, pictures)
            parts.add(unit_mean([row[None] for row in rows]), PICTURE_WEIGHT * strength)
        if film is None:
            return tuple(pictures), None
        sight = yield from see_film(self._sessions, film, self.encode)
        parts.add(sight.embedding, PICTURE_WEIGHT * strength)
        return (*pictures, sight.picture), sight


def _scene(parts: _Parts, sight: FilmSight | None) -> Scene | None:
    """Let the film's part, the last one, be what goes on just then."""
    if sight is None:
        return None

    def scene(begin: float, end: float) -> FloatArray:
        return _Parts([*parts.rows[:-1], sight.between(begin, end)], parts.weights).mean()

    return scene
