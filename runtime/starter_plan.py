"""Understand a request for the starter: what is asked, and the lead sheet that leads it."""

from __future__ import annotations

import threading
from dataclasses import replace

from descant.models.theory.sheet import LeadSheet
from descant.models.tokenizer import Tokenizer
from descant.runtime.arrange import given_melody, wishes, with_intensity
from descant.runtime.branches import Branches
from descant.runtime.feeling import feeling
from descant.runtime.inputs import source
from descant.runtime.lay_out import lay_out
from descant.runtime.lead import Lead
from descant.runtime.midi import Melody
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.plan import Plan, check_can_do
from descant.runtime.prompt import Hints, read_prompt
from descant.runtime.query import Query, QueryReader
from descant.runtime.request import MAX_SECONDS, Request
from descant.runtime.retrieval import MelodyIndex, Neighbour, load_index
from descant.runtime.sessions import Sessions
from descant.runtime.sight import as_long_as, given_film, in_pace
from descant.runtime.transcribe import TranscribeOptions, transcribing

HUMMING = TranscribeOptions(snap_grid=4)
"""Notes are moved to sixteenths: nobody hums on the beat exactly."""


class Planner:
    """Makes plans of requests."""

    def __init__(
        self, pack: Pack, sessions: Sessions, tokenizer: Tokenizer, branches: Branches
    ) -> None:
        self._pack = pack
        self._sessions = sessions
        self.branches = branches
        self._index: MelodyIndex | None = None
        self._lock = threading.Lock()
        self.queries = QueryReader(pack.spec.pipeline, sessions, tokenizer)

    @property
    def index(self) -> MelodyIndex:
        """The pack's melodies, which are read when they are first asked for."""
        with self._lock:
            if self._index is None:
                self._index = load_index(self._pack)
            return self._index

    def plan(self, request: Request) -> Pieces[Plan]:
        """Understand what is asked and settle on a lead sheet.

        Raises:
            RequestError: The pack can't do it, or a file can't be used.
        """
        spec = self._pack.spec
        check_can_do(request)
        limits = replace(spec.limits, max_seconds=MAX_SECONDS)  # in windows, see ``starter``
        yield Piece("read the request" if request.video is None else "look through the film")
        film = given_film(request.video)
        settled = request.settle(as_long_as(film, spec.defaults, limits), limits)
        branch = self.branches.source(request)
        hints = in_pace(read_prompt(request.prompt), film)
        hummed = None
        if request.hum is not None:
            hummed = yield from transcribing(self._sessions, request.hum, HUMMING)
        melody = hummed.melody if hummed else given_melody(request)
        query = yield from self.queries.read(request, settled.image_strength, film)
        tune, retrieved = yield from self.tune(melody, request, query, hints)
        music = lay_out(request, hints, settled, limits, tune, spec.pipeline)
        sheet = music.sheet
        if film is not None and not request.intensity:  # a clip that is shorter has its beginning
            sheet = with_intensity(sheet, query.levels, film.seconds, request.loop)
        return Plan(
            request=request,
            settled=music.settled,
            sheet=sheet,
            prompt=None if query.is_empty else query.text,
            negative=query.negative,
            latent_frames=music.latent_frames,
            ring=music.ring,
            retrieved=retrieved,
            warnings=(*hints.warnings, *query.warnings, *music.warnings),
            pictures=query.pictures,
            scene=query.scene,
            inputs=replace(query.inputs, hum=source(hummed), image_branch=branch),
            lead=Lead(music.lead, 0.0),
        )

    def tune(
        self, melody: Melody | None, request: Request, query: Query, hints: Hints
    ) -> Pieces[tuple[Melody | LeadSheet, tuple[Neighbour, ...]]]:
        """Return the melody that is given, or the sheet of one that is found; and what is found."""
        if melody is not None:
            yield Piece("arrange the melody", len(melody.notes))
            return melody, ()
        if isinstance(request.melody, LeadSheet):
            return request.melody, ()
        if self._index is None:
            yield Piece("load the melodies")
            self.index  # noqa: B018 - loads them
        embedding = query.text.embedding
        felt = None if query.is_empty else (yield from feeling(self._sessions, embedding))
        yield Piece("find a melody")
        retrieved = self.index.find(embedding[0], wishes(request, hints, felt))
        return self.index.sheet(retrieved[0]), retrieved
