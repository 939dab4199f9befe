"""Few steps and int8 against many steps and float32, on a network that was trained.

``python -m tests.bench_solvers [--requests 48] [--pack starter]``

No published weights of AudioLDM or MG2 come with this repository, and a network of random weights
can't say whether music suffers. The shipped pack's denoiser can: it predicts a flow, and a flow
between noise and data is a noise predictor of any variance-preserving schedule after a change of
variables. With x = a x0 + s n and t = s / (a + s), the flow's point is x / (a + s), and its
estimate of x0 gives n = (x - a x0) / s. So the tables of ``descant.models.diffusion``, with
AudioLDM's levels of noise, run on trained weights through the very loop that imported packs use.

``similarity`` is the cosine of CLMP's embeddings of prompt and clip; ``difference`` is its mean
over the requests less that of the first row, with the standard error of the paired differences;
``log-mel`` is the mean distance in nats to the clip of a run with 400 steps. The last rows compute
the denoiser's matrix products in int8 as ``descant export int8`` does the UNet's, with ranges from
other requests.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import onnx
import onnx_ir as ir
import onnxruntime
from numpy.typing import NDArray

from descant.export.evaluation.cases import FIRST_SEED, SECONDS, Case, make_case
from descant.export.quantise import Watch, find_layers, observe, observed_values, quantise
from descant.models.diffusion import (
    SolverTable,
    ddim_table,
    dpm_solver_table,
    scaled_linear_schedule,
)
from descant.runtime.conditioning import (
    Condition,
    encode_text,
    fit_sheet,
    latent_frames,
    load_tokenizer,
    make_conditions,
)
from descant.runtime.epsilon_sampling import NoiseStream, sample_epsilon
from descant.runtime.pack import Pack, open_pack
from descant.runtime.pieces import drain
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
Denoise = Callable[[FloatArray, float, Condition], FloatArray]
"""Latents (1, C, F) of the flow at a time 0 … 1 -> the guided estimate of clean ones."""
SCHEDULE = scaled_linear_schedule()
REFERENCE_STEPS = 400
CALIBRATION_CLIPS = 12


@dataclass(frozen=True)
class Way:
    """One way to solve."""

    name: str
    table: SolverTable
    int8: bool = False


@dataclass(frozen=True)
class Clip:
    """What is looked at of a clip."""

    mel: FloatArray
    similarity: float


def ways() -> list[Way]:
    """Return all rows of the table; the first is the published setting without its noise."""
    ddim = [Way(f"DDIM {n}", ddim_table(SCHEDULE, n)) for n in (100, 25)]
    noisy = [Way(f"DDIM {n}, eta 1", ddim_table(SCHEDULE, n, 1.0)) for n in (100, 25)]
    counts = (25, 20, 15, 10, 8)
    dpm = [Way(f"DPM-Solver++ {n}", dpm_solver_table(SCHEDULE, n)) for n in counts]
    int8 = [Way(f"{way.name}, int8", way.table, int8=True) for way in (dpm[0], dpm[2])]
    return [ddim[0], noisy[0], ddim[1], noisy[1], *dpm, *int8]


class Music:
    """A pack of the starter's family, taken apart."""

    def __init__(self, pack: Pack, threads: int) -> None:
        self.pack, self.threads = pack, threads
        self.sessions = Sessions(pack, choose_provider("cpu"), threads)
        self.tokenizer = load_tokenizer(pack)
        self.guidance = np.array([pack.spec.defaults.guidance_scale], np.float32)

    def condition(self, case: Case) -> Condition:
        """Return what the denoiser is told of a request, its lead sheet included."""
        pipeline = self.pack.spec.pipeline
        frames = latent_frames(SECONDS, pipeline) * pipeline.latents.time_stride
        prompt, nothing = (
            drain(encode_text(self.sessions, self.tokenizer, words)) for words in (case.prompt, "")
        )
        texts = prompt, nothing
        sheet = fit_sheet(case.sheet, frames, pipeline)
        return drain(make_conditions(self.sessions, pipeline, sheet, frames, texts, 1, 1))[0]

    def feeds(self, latents: FloatArray, moment: float, told: Condition) -> dict[str, FloatArray]:
        """Return the denoiser's inputs for one step down to clean latents."""
        return {
            "latents": latents,
            **told.feeds(),
            "time": np.array([moment], np.float32),
            "next_time": np.zeros(1, np.float32),
            "guidance_scale": self.guidance,
        }

    def denoise(self, latents: FloatArray, moment: float, told: Condition) -> FloatArray:
        """Compute in float32."""
        step = self.sessions["denoiser_step"]
        clean: FloatArray = step.run(**self.feeds(latents, moment, told))["next_latents"]
        return clean

    def in_int8(self, cases: list[Case]) -> Denoise:
        """Return the denoiser in int8, its ranges from clips of ``cases``."""
        content = self.pack.read("graphs.denoiser_step")
        model = ir.from_proto(onnx.load_model_from_string(content))
        layers = find_layers(model)
        watch = Watch(observed_values(layers))
        proto = onnx.load_model_from_string(content)
        outputs = ["next_latents", *observe(proto.graph, watch.names)]
        watched = self._open(proto)

        def observed(latents: FloatArray, moment: float, told: Condition) -> FloatArray:
            clean: FloatArray
            clean, *extremes = watched.run(outputs, self.feeds(latents, moment, told))
            watch.see(extremes)
            return clean

        for case in cases:
            self.sample(observed, dpm_solver_table(SCHEDULE, 15), case)
        quantise(model, layers, watch.ranges)
        session = self._open(ir.to_proto(model))

        def denoise(latents: FloatArray, moment: float, told: Condition) -> FloatArray:
            clean: FloatArray = session.run(["next_latents"], self.feeds(latents, moment, told))[0]
            return clean

        return denoise

    def sample(self, denoise: Denoise, table: SolverTable, case: Case) -> FloatArray:
        """Solve from the request's own noise; (1, C, F)."""
        pipeline, told = self.pack.spec.pipeline, self.condition(case)
        shape = (pipeline.latents.channels, latent_frames(SECONDS, pipeline))
        draw = NoiseStream([case.seed], shape)

        def predict(latents: FloatArray, timesteps: NDArray[np.int64]) -> FloatArray:
            level = float(SCHEDULE.alphas_cumprod[timesteps[0]])
            signal, noise = level**0.5, (1.0 - level) ** 0.5
            clean = denoise(latents / (signal + noise), noise / (signal + noise), told)
            predicted: FloatArray = (latents - signal * clean) / noise
            return predicted

        return drain(sample_epsilon(predict, draw(), table, draw, lambda done, steps: None))

    def listen(self, latents: FloatArray, case: Case) -> Clip:
        """Decode latents and compare the clip with its prompt."""
        mel = self.sessions["vae_decoder"].run(latents=latents)["mel"]
        heard = self.sessions["audio_encoder"].run(mel=mel)["embedding"][0]
        wish = drain(encode_text(self.sessions, self.tokenizer, case.prompt)).embedding[0]
        return Clip(mel, float(heard @ wish))

    def _open(self, model: onnx.ModelProto) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = self.threads, 3
        content = model.SerializeToString()
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def rows(music: Music, cases: list[Case], compared: list[Way]) -> Iterator[str]:
    """Solve every request in every way; one line of the table each."""
    int8 = music.in_int8([make_case(seed, "train") for seed in range(CALIBRATION_CLIPS)])
    whole = dpm_solver_table(SCHEDULE, REFERENCE_STEPS)
    exact = [music.listen(music.sample(music.denoise, whole, case), case) for case in cases]
    first: NDArray[np.float64] | None = None
    yield f"{'solver':22} {'similarity':>10} {'difference':>16} {'log-mel':>8} {'seconds':>8}"
    for way in compared:
        begin = time.perf_counter()
        denoise = int8 if way.int8 else music.denoise
        latents = [music.sample(denoise, way.table, case) for case in cases]
        seconds = (time.perf_counter() - begin) / len(cases)
        clips = [music.listen(one, case) for one, case in zip(latents, cases, strict=True)]
        similar = np.array([clip.similarity for clip in clips], np.float64)
        first = similar if first is None else first
        apart = similar - first
        error = apart.std() / max(len(apart) - 1, 1) ** 0.5
        pairs = zip(clips, exact, strict=True)
        distance = np.mean([np.abs(one.mel - other.mel).mean() for one, other in pairs])
        yield (
            f"{way.name:22} {similar.mean():10.4f} {apart.mean():+8.4f} ± {error:.4f} "
            f"{distance:8.3f} {seconds:8.2f}"
        )
    others = [np.abs(one.mel - other.mel).mean() for one, other in itertools.pairwise(exact)]
    yield f"log-mel distance of clips of different requests: {np.mean(others):.3f}"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_solvers",
        description="Few steps and int8 against many steps and float32, on trained weights.",
    )
    parser.add_argument("--requests", type=int, default=48, metavar="N")
    parser.add_argument("--pack", default="starter", help="of the starter's family")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    with open_pack(options.pack) as pack:
        music = Music(pack, options.threads)
        cases = [make_case(FIRST_SEED + i) for i in range(options.requests)]
        for line in rows(music, cases, ways()):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
