"""From words and a melody to what the UNet of a latent diffusion is told."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.kernels.fit_length import fit_length
from descant.models.bpe import BpeTokenizer
from descant.models.theory.sheet import LeadSheet
from descant.models.tokenizer import MAX_TEXT_CHARACTERS
from descant.runtime.arrange import PLAIN_TEMPO_BPM
from descant.runtime.errors import PackFormatError, RequestError
from descant.runtime.inputs import no_ear_for_notes, no_eyes
from descant.runtime.ldm_melody import MelodyVectors, load_melodies, melody_text, text_counts
from descant.runtime.pack import Pack
from descant.runtime.pieces import drain, ready
from descant.runtime.request import Request
from descant.runtime.retrieval import NEIGHBOURS, Neighbour
from descant.runtime.sessions import Sessions
from descant.runtime.settled import Settled
from descant.runtime.sound import Sound, read_sound, unit_mean
from descant.runtime.story import read_story

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LdmCondition:
    """What all clips of a request are made of."""

    bias: FloatArray
    """(1, N) or, with guidance, (2, N): with the condition and without it."""
    wish: FloatArray
    """(D,) embedding that the best candidate is most similar to."""
    melody: str | None = None
    """A given melody, as text."""
    retrieved: tuple[Neighbour, ...] = ()
    warnings: tuple[str, ...] = ()
    sound: Sound | None = None


def load_bpe(pack: Pack) -> BpeTokenizer:
    """Read a pack's vocabulary.

    Raises:
        PackFormatError: It is not a vocabulary.
        PackIntegrityError: A file has changed since the pack was opened.
    """
    vocabulary, merges = pack.read("files.vocabulary"), pack.read("files.merges")
    try:
        return BpeTokenizer.from_files(vocabulary, merges, pack.spec.pipeline.text_max_tokens)
    except ValueError as error:
        raise PackFormatError(f"{error}", hint="get the pack again") from error


class LdmConditioner:
    """Reads requests for a pack of the families "mg2" and "audioldm"."""

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        """Read the vocabulary; raises as ``load_bpe``."""
        self._pack = pack
        self._sessions = sessions
        self._lock = threading.Lock()
        self._melodies: MelodyVectors | None = None
        self._tokenizer = load_bpe(pack)

    @property
    def has_melodies(self) -> bool:
        """Whether the UNet is told of a melody."""
        return self._pack.spec.family == "mg2"

    @property
    def melodies(self) -> MelodyVectors:
        """The pack's melodies, which are read when they are first asked for."""
        with self._lock:
            if self._melodies is None:
                self._melodies = load_melodies(self._pack)
            return self._melodies

    def embed(self, text: str) -> tuple[FloatArray, bool]:
        """Return a text's CLMP embedding (D,), and whether it was too long to be read whole."""
        tokens = self._tokenizer.encode(text[:MAX_TEXT_CHARACTERS])
        ids = np.array([tokens.ids], np.int64)
        out = self._sessions["text_encoder"].run(tokens=ids, mask=np.ones(ids.shape, np.float32))
        embedding: FloatArray = out["embedding"][0]
        return embedding, tokens.truncated or len(text) > MAX_TEXT_CHARACTERS

    def read(self, request: Request, settled: Settled) -> LdmCondition:
        """Understand a request's words, story, sound and melody.

        Raises:
            RequestError: The sound or the melody can't be used.
        """
        if request.images or request.video is not None:
            raise no_eyes(self._pack.spec.id)
        if request.hum is not None:
            raise no_ear_for_notes(self._pack.spec.id)
        warnings = self._ignored(request, settled)
        query, sound, more = self._query(request)
        warnings += more
        nothing, long = self.embed(request.negative_prompt)
        if long:
            warnings.append(f"the negative prompt is long: only {self._limit} were read")
        retrieved: tuple[Neighbour, ...] = ()
        melody, text = None, None
        if self.has_melodies and request.melody is None:
            retrieved = self.melodies.find(query, NEIGHBOURS)
            melody = self.melodies.vector(retrieved[0])
        elif self.has_melodies:
            melody, text, more = self._given(request, settled)
            warnings += more
        elif request.melody is not None:
            raise RequestError(
                f"the pack {self._pack.spec.id!r} can't follow a melody",
                hint="leave the melody out, or use another pack such as starter",
            )
        rows = [_joined(query, melody)]
        if settled.guidance_scale != 1.0:
            rows.append(_joined(nothing, self._without(nothing)))
        condition = np.stack(rows)
        bias = self._sessions["unet_condition"].run(condition=condition)["condition_bias"]
        said = request.prompt.strip() or request.story.strip() or sound is not None
        wish = query if said or melody is None else melody
        return LdmCondition(bias, wish, text, retrieved, tuple(warnings), sound)

    def _query(self, request: Request) -> tuple[FloatArray, Sound | None, list[str]]:
        """Return the mean of prompt, story and sound (D,), the sound, and warnings."""
        prompt, long = self.embed(request.prompt)
        warnings = [f"the prompt is long: only {self._limit} were read"] if long else []
        parts = [prompt] if request.prompt.strip() else []
        if request.story.strip():
            pieces = read_story(request.story, lambda piece: ready(self.embed(piece)[0]))
            parts.append(drain(pieces).embedding)
        sound = None
        if request.audio is not None:
            sound = self._hear(request.audio)
            parts.append(self._embed_sound(sound))
            warnings += sound.warnings
        if not request.story.strip() and sound is None:
            return prompt, None, warnings  # as the tower gave it
        return unit_mean(parts), sound, warnings

    def _hear(self, path: str | Path) -> Sound:
        """Read a sound, if the pack has an ear for it."""
        if "audio_encoder" not in self._pack.spec.graphs:
            raise RequestError(
                f"audio: the pack {self._pack.spec.id!r} can't hear",
                hint="leave it out, or use a pack with an audio_encoder, such as starter",
            )
        assert self._pack.spec.pipeline.diffusion is not None
        return read_sound(path, self._pack.spec.pipeline.diffusion.clmp_sample_rate)

    def _embed_sound(self, sound: Sound) -> FloatArray:
        """(D,) mean of what the audio tower makes of the excerpts."""
        assert self._pack.spec.pipeline.diffusion is not None
        count = self._pack.spec.pipeline.diffusion.clmp_samples
        tower = self._sessions["audio_encoder"]
        return unit_mean(
            [
                tower.run(samples=fit_length(excerpt, count)[None])["embedding"][0]
                for excerpt in sound.excerpts
            ]
        )

    @property
    def _limit(self) -> str:
        return f"its first {self._tokenizer.max_tokens - 2} pieces of words"

    def _without(self, nothing: FloatArray) -> FloatArray | None:
        """Melody half of the unconditional side: as in sampling or as in training."""
        if not self.has_melodies:
            return None
        if self._pack.spec.defaults.unconditional == "query":
            return nothing
        return self.melodies.nearest(nothing)

    def _given(self, request: Request, settled: Settled) -> tuple[FloatArray, str, list[str]]:
        """Return the embedding of the request's own melody, its text, and warnings."""
        assert request.melody is not None
        tempo = PLAIN_TEMPO_BPM if request.tempo_bpm is None else float(request.tempo_bpm)
        given = request.melody
        if isinstance(given, LeadSheet):  # its chords and bass are not heard
            tempo, given = float(request.tempo_bpm or given.tempo_bpm), given.notes
        text, warnings = melody_text(given, tempo, settled.seconds)
        out = self._sessions["melody_encoder"].run(counts=text_counts(text))
        embedding: FloatArray = out["embedding"][0]
        return embedding, text, warnings

    def _ignored(self, request: Request, settled: Settled) -> list[str]:
        """Name what was asked for and has no effect."""
        timed = isinstance(request.melody, (tuple, LeadSheet))  # notes in beats need a tempo
        pack, hint = f"the pack {self._pack.spec.id!r}", ": say it in the prompt"
        warnings = []
        if request.tempo_bpm is not None and not (timed and self.has_melodies):
            warnings.append(f"the tempo has no effect on {pack}{hint}")
        if request.key is not None:
            warnings.append(f"the key has no effect on {pack}{hint}")
        if request.melody_strength not in (None, 1):
            warnings.append(f"the melody's strength has no effect on {pack}")
        if request.intensity:
            warnings.append(f"the intensity has no effect on {pack}")
        if request.eta is not None and settled.sampler != "ddim":
            warnings.append(f"eta has no effect on the sampler {settled.sampler}")
        return warnings


def _joined(query: FloatArray, melody: FloatArray | None) -> FloatArray:
    return query if melody is None else np.concatenate([query, melody])
