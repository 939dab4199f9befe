"""What is asked, in words, in a story, by a sound or by any of them, as one place in CLMP space."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import PipelineSpec
from descant.models.tokenizer import Tokenizer
from descant.runtime.conditioning import Text, encode_text
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions
from descant.runtime.sound import Sound, embed_sound, read_sound, unit_mean
from descant.runtime.story import read_story

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """All that a request says, but its melody."""

    text: Text
    """Its embedding is the mean of what is present; its tokens are those of the words."""
    negative: Text
    is_empty: bool
    """Whether nothing is said; the embedding is then that of the empty text."""
    sound: Sound | None
    warnings: tuple[str, ...]


class QueryReader:
    """Reads requests for a starter pack."""

    def __init__(self, pipeline: PipelineSpec, sessions: Sessions, tokenizer: Tokenizer) -> None:
        self._pipeline = pipeline
        self._sessions = sessions
        self._tokenizer = tokenizer

    def read(self, request: Request) -> Query:
        """Encode prompt, story and sound.

        Raises:
            RequestError: The sound can't be used.
        """
        warnings: list[str] = []
        prompt = self._text("prompt", request.prompt, warnings)
        negative = self._text("negative prompt", request.negative_prompt, warnings)
        text, parts = prompt, [prompt.embedding] if prompt.tokens else []
        if request.story.strip():
            story = read_story(request.story, lambda piece: self.encode(piece).embedding[0])
            parts.append(story.embedding[None])
            # The tokens are the prompt's, and as far as there is room those of the story's gist.
            text = self.encode(f"{request.prompt} {story.gist}")
        sound = None
        if request.audio is not None:
            audio = self._pipeline.audio
            sound = read_sound(request.audio, audio.sample_rate)
            parts.append(embed_sound(self._sessions, audio, sound))
            warnings += sound.warnings
        if parts:
            text = replace(text, embedding=unit_mean(parts))
        return Query(text, negative, not parts, sound, tuple(warnings))

    def encode(self, text: str) -> Text:
        """Run the text tower."""
        return encode_text(self._sessions, self._tokenizer, text)

    def _text(self, name: str, text: str, warnings: list[str]) -> Text:
        encoded = self.encode(text)
        if encoded.truncated:
            limit = self._tokenizer.max_tokens - 2
            warnings.append(f"the {name} is long: only its first {limit} words or so were read")
        if encoded.tokens and encoded.unknown == encoded.tokens:
            warnings.append(f"no word of the {name} is known: the music is a guess")
        return encoded
