"""The engine: a request goes in at the top of ``_make`` and comes out as a clip at its end."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

import numpy as np

from descant.runtime.arrange import arrange_found, arrange_given, given_melody, wishes
from descant.runtime.clip import Clip
from descant.runtime.conditioning import (
    Condition,
    Text,
    encode_text,
    fit_sheet,
    latent_frames,
    load_tokenizer,
    make_conditions,
)
from descant.runtime.decode import cut, decode_latents, roll_notes, vocode
from descant.runtime.errors import DescantError, RequestError
from descant.runtime.health import check_finite, final_warnings, raw_warnings
from descant.runtime.job import Job
from descant.runtime.loudness import normalise
from descant.runtime.pack import Pack, open_pack
from descant.runtime.plan import Plan
from descant.runtime.progress import OnProgress, Reporter, Stopwatch, ignore_progress
from descant.runtime.prompt import read_prompt
from descant.runtime.providers import Choice, choose_provider
from descant.runtime.receipt import make_receipt
from descant.runtime.request import Request
from descant.runtime.retrieval import NEIGHBOURS, MelodyIndex, Neighbour, load_index
from descant.runtime.sampling import initial_noise, sample
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions


class Engine:
    """An open pack on a device. Safe to use from several threads."""

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        """Use ``Engine.open``; this takes a pack that is open already and now owns it."""
        self.pack = pack
        self.choice = choice
        self._sessions = Sessions(pack, choice, threads)
        self._tokenizer = load_tokenizer(pack)
        self._index: MelodyIndex | None = None
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._closed = False

    @classmethod
    def open(
        cls, pack: str | Path = "starter", device: str = "auto", threads: int | None = None
    ) -> Engine:
        """Open a pack.

        Args:
            pack: Built-in name, folder or ``.descant`` file.
            device: ``auto`` or ``cpu``.
            threads: Cores to use; all when None.

        Raises:
            PackError: The pack is missing, malformed or damaged.
            ProviderUnavailableError: The device can't be used.
        """
        choice = choose_provider(device)
        opened = open_pack(pack)
        try:
            return cls(opened, choice, threads)
        except BaseException:
            opened.close()
            raise

    @property
    def device(self) -> str:
        """Where it computes; ``choice.reason`` says why."""
        return self.choice.device

    def generate(self, request: Request, on_progress: OnProgress | None = None) -> Clip:
        """Make one clip.

        Raises:
            RequestError: The pack can't do what is asked, or ``count`` is not 1.
            GenerationCancelled: ``on_progress`` raised it.
            NumericalError: A network returned NaN.
        """
        if request.count != 1:
            raise RequestError(
                f"count must be 1 here, got {request.count}", hint="use generate_many"
            )
        return self.generate_many(request, on_progress)[0]

    def generate_many(
        self, request: Request, on_progress: OnProgress | None = None
    ) -> tuple[Clip, ...]:
        """Make ``request.count`` clips, with seeds ``seed``, ``seed + 1``, …; raises alike."""
        self._check_open()
        listener = on_progress or ignore_progress
        first = request.first_seed()
        watch = Stopwatch()
        Reporter(listener, 1, request.count)("prepare", 0.0)
        with watch.stage("prepare"):
            plan = self._plan(request)
        return tuple(
            self._make(plan, first + i, Reporter(listener, i + 1, request.count), watch)
            for i in range(request.count)
        )

    def start(self, request: Request, on_progress: OnProgress | None = None) -> Job:
        """Make clips on a thread of their own; ``on_progress`` is called from there."""
        self._check_open()
        job = Job(lambda report: self.generate_many(request, report), on_progress)
        with self._lock:
            self._jobs = [j for j in self._jobs if not j.done] + [job]
        return job

    def search(self, text: str, count: int = NEIGHBOURS) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best, as ``generate`` would choose them."""
        self._check_open()
        embedding = encode_text(self._sessions, self._tokenizer, text).embedding[0]
        return self.index.find(embedding, wishes(Request(prompt=text), read_prompt(text)), count)

    @property
    def index(self) -> MelodyIndex:
        """The pack's melodies."""
        with self._lock:
            if self._index is None:
                self._index = load_index(self.pack)
            return self._index

    def close(self) -> None:
        """Stop running jobs and free everything; may be called again."""
        self._closed = True
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait()
        self._sessions.close()
        self.pack.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _plan(self, request: Request) -> Plan:
        """Understand the words and settle on a lead sheet."""
        spec = self.pack.spec
        settled = request.settle(spec.defaults, spec.limits)
        hints = read_prompt(request.prompt)
        warnings = list(hints.warnings)
        melody = given_melody(request)
        prompt = self._read("prompt", request.prompt, warnings)
        negative = self._read("negative prompt", request.negative_prompt, warnings)
        retrieved: tuple[Neighbour, ...] = ()
        if melody is not None:
            sheet, more = arrange_given(melody, request, hints, settled.seconds)
        else:
            retrieved = self.index.find(prompt.embedding[0], wishes(request, hints))
            sheet, more = arrange_found(self.index.sheet(retrieved[0]), request, hints)
        frames = latent_frames(settled.seconds, spec.pipeline)
        return Plan(
            request=request,
            settled=settled,
            sheet=fit_sheet(sheet, frames * spec.pipeline.latents.time_stride, spec.pipeline),
            prompt=prompt if prompt.tokens else None,
            negative=negative,
            latent_frames=frames,
            retrieved=retrieved,
            warnings=tuple(warnings + more),
        )

    def _make(self, plan: Plan, seed: int, report: Reporter, before: Stopwatch) -> Clip:
        """Take one clip the whole way: conditions, latents, mel and roll, samples, clip."""
        spec, settled = self.pack.spec, plan.settled
        audio = spec.pipeline.audio
        watch = Stopwatch(dict(before.timings_ms))
        with watch.stage("condition"):
            conditions = self._conditions(plan)
        with watch.stage("sample"):
            latents = sample(
                self._sessions["denoiser_step"],
                initial_noise(seed, spec.pipeline.latents.channels, plan.latent_frames),
                conditions,
                flow_times(settled.steps, spec.defaults.shift),
                settled.guidance_scale,
                lambda done, steps: report("sample", 0.05 + 0.75 * done / steps),
            )
        with watch.stage("decode"):
            mel, roll = decode_latents(self._sessions, latents)
        report("decode", 0.85)
        with watch.stage("vocode"):
            raw = cut(vocode(self._sessions, mel, roll, audio), settled.seconds, audio.sample_rate)
        with watch.stage("finish"):
            check_finite(raw, "vocoder")
            samples = normalise(raw[None], audio.sample_rate)
            warnings = (*plan.warnings, *raw_warnings(raw), *final_warnings(samples))
            notes = roll_notes(roll, audio.frame_rate, plan.sheet.tempo_bpm, settled.seconds)
        report("done", 1.0)
        return Clip(
            samples=samples,
            sample_rate=audio.sample_rate,
            seed=seed,
            request=plan.request,
            device=self.device,
            receipt=make_receipt(plan.request, settled, seed, plan.sheet, self.pack, self.device),
            sheet=plan.sheet,
            notes=notes,
            retrieved=plan.retrieved,
            warnings=warnings,
            timings_ms=watch.timings_ms,
        )

    def _conditions(self, plan: Plan) -> list[Condition]:
        pipeline, steps = self.pack.spec.pipeline, plan.settled.steps
        return make_conditions(
            self._sessions,
            pipeline,
            plan.sheet,
            plan.latent_frames * pipeline.latents.time_stride,
            (plan.prompt, plan.negative),
            int(np.ceil(plan.settled.melody_strength * steps)),
            steps,
        )

    def _read(self, name: str, text: str, warnings: list[str]) -> Text:
        encoded = encode_text(self._sessions, self._tokenizer, text)
        if encoded.truncated:
            limit = self._tokenizer.max_tokens - 2
            warnings.append(f"the {name} is long: only its first {limit} words or so were read")
        if encoded.tokens and encoded.unknown == encoded.tokens:
            warnings.append(f"no word of the {name} is known: the music is a guess")
        return encoded

    def _check_open(self) -> None:
        if self._closed:
            raise DescantError("the engine is closed", hint="open it again")
