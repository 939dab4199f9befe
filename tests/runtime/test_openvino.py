"""The way of a plug-in, the whole of it, on one that needs no card."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from descant.runtime import Engine, Request
from descant.runtime.device_buffers import Buffer
from descant.runtime.errors import ProviderUnavailableError
from descant.runtime.provider_plugins import plugin_devices, plugin_version
from descant.runtime.provider_target import check_taken, make_target
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.runtime.ldm_clips import make

pytest.importorskip("onnxruntime_ep_openvino", reason="OpenVINO's plug-in is not installed")
pytestmark = pytest.mark.skipif(
    not plugin_devices("openvino"), reason="OpenVINO's plug-in finds no device of Intel's here"
)
REQUEST = Request(prompt="calm piano", seconds=1.5, seed=0)


def test_registered_once() -> None:
    assert plugin_version("openvino")
    first = plugin_devices("openvino")
    assert len(first) == len(plugin_devices("openvino")) >= 1
    assert choose_provider("openvino").reason.startswith("asked for: ")


def test_the_provider_takes_the_graphs(tiny_engine: Engine) -> None:
    sessions = Sessions(tiny_engine.pack, choose_provider("openvino"), 1)
    latents = np.random.default_rng(0).standard_normal((1, 96, 4), np.float32)
    graph = sessions["vae_decoder"]
    assert graph.target.provider == "OpenVINOExecutionProvider"
    wanted = Sessions(tiny_engine.pack, choose_provider("cpu"), 1)["vae_decoder"]
    for name, array in graph.run(latents=latents).items():
        np.testing.assert_allclose(array, wanted.run(latents=latents)[name], rtol=1e-4, atol=1e-4)
    assert sessions.warnings == ()


@pytest.mark.parametrize("loop", [False, True])
def test_the_same_music(loop: bool, tiny_engine: Engine) -> None:
    with Engine.open(tiny_engine.pack.path, "openvino", 1, device_loop=loop) as engine:
        clip = engine.generate(REQUEST)
        assert engine.generate(REQUEST).samples.tobytes() == clip.samples.tobytes()
    assert clip.device == clip.receipt["device"] == "openvino"
    wanted = tiny_engine.generate(REQUEST).samples
    np.testing.assert_allclose(clip.samples, wanted, atol=1e-4)  # measured 2e-7 of its RMS


@pytest.mark.parametrize("loop", [False, True])
def test_the_same_diffusion(loop: bool, mg2: Engine, tiny_mg2: Path) -> None:
    with Engine.open(tiny_mg2, "openvino", 1, device_loop=loop) as engine:
        for sampler in ("ddim", "dpm++"):
            clip = make(engine, sampler=sampler)
            np.testing.assert_allclose(clip.samples, make(mg2, sampler=sampler).samples, atol=1e-3)


def test_what_is_written_between_calls_is_seen(tiny_engine: Engine) -> None:
    sessions = Sessions(tiny_engine.pack, choose_provider("openvino"), 1)
    target = make_target("openvino")
    latents = Buffer(target, (1, 96, 4))
    mel, roll = Buffer(target, (1, 128, 32)), Buffer(target, (1, 88, 32))
    call = sessions["vae_decoder"].bind({"latents": latents}, {"mel": mel, "roll": roll})
    results = []
    for seed in range(2):
        array = np.random.default_rng(seed).standard_normal((1, 96, 4), np.float32)
        latents.write(array)
        call()
        results.append(mel.read())
        np.testing.assert_array_equal(
            results[-1], sessions["vae_decoder"].run(latents=array)["mel"]
        )
    assert not np.array_equal(results[0], results[1])


class _Part:
    def __init__(self, provider: str, *operators: str) -> None:
        self.ep_name = provider
        self._operators = operators

    def get_nodes(self) -> list[_Part]:
        return [_Part(name) for name in self._operators]

    @property
    def op_type(self) -> str:
        return self.ep_name


class _Session:
    def __init__(self, *parts: _Part) -> None:
        self._parts = parts

    def get_provider_graph_assignment_info(self) -> tuple[_Part, ...]:
        return self._parts


def test_operators_left_to_the_cpu_are_told() -> None:
    target = make_target("openvino")
    cpu, plugin = "CPUExecutionProvider", target.provider
    whole = _Session(_Part(plugin, "MatMul", "Add"), _Part(cpu, "Shape"))
    assert check_taken(whole, target, "unet") is None
    half = _Session(_Part(plugin, "MatMul"), _Part(cpu, "Attention"), _Part(cpu, "Attention"))
    assert check_taken(half, target, "unet") == (
        "2 operators of unet run on the CPU, because openvino does not take them: Attention"
    )
    with pytest.raises(ProviderUnavailableError, match="it took none"):
        check_taken(_Session(_Part(cpu, "MatMul")), target, "unet")
