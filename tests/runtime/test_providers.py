"""Which device is taken, and what is said of those that are not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import provider_plugins, provider_probe, providers
from descant.runtime.errors import DescantError, DeviceLostError, ProviderUnavailableError
from descant.runtime.nvidia import Driver, read_driver
from descant.runtime.provider_probe import Probe, forget_probes, probe
from descant.runtime.provider_target import make_target
from descant.runtime.providers import AUTO, DEVICES, choose_next, choose_provider
from tests.runtime.fake_nvidia import FakeDriver


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Let no test see what another one has found."""
    forget_probes()
    yield
    forget_probes()


def use_driver(monkeypatch: pytest.MonkeyPatch, fake: FakeDriver) -> Driver:
    """Let the runtime find a fake driver."""
    found = read_driver(fake.load(), Path("/nowhere"))
    monkeypatch.setattr(provider_probe, "driver", lambda: found)
    monkeypatch.setattr(providers, "driver", lambda: found)
    return found


def use_probes(monkeypatch: pytest.MonkeyPatch, *usable: str) -> None:
    """Let these devices be usable, and no others."""

    def fake(device: str) -> Probe:
        ok = device in usable
        return Probe(device, ok, "RTX 4070" if ok else f"no {device} here", "" if ok else "buy one")

    monkeypatch.setattr(providers, "probe", fake)


@pytest.mark.parametrize("device", ["tpu", "", "CPU"])
def test_unknown_device(device: str) -> None:
    with pytest.raises(ProviderUnavailableError) as refused:
        choose_provider(device)
    assert "trt-rtx" in refused.value.hint
    assert isinstance(refused.value, DescantError)


def test_named_device_is_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, "cpu")
    for device in ("cuda", "trt-rtx", "tensorrt", "openvino"):
        with pytest.raises(ProviderUnavailableError, match=f"no {device} here") as refused:
            choose_provider(device)
        assert "buy one" in refused.value.hint
    assert choose_provider("cpu").skipped == ()


@pytest.mark.parametrize("best", range(len(AUTO)))
def test_auto_takes_the_first_usable(best: int, monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, *AUTO[best:])
    choice = choose_provider("auto")
    assert choice.device == AUTO[best]
    assert choice.is_auto
    assert [skipped.provider for skipped in choice.skipped] == list(AUTO[:best])
    assert all(skipped.reason == f"no {skipped.provider} here" for skipped in choice.skipped)


def test_auto_never_takes_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, "openvino", "cpu")
    assert choose_provider("auto").device == "cpu"
    assert choose_provider("openvino").provider == "OpenVINOExecutionProvider"


def test_warning_only_where_a_card_lies_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, "cpu")
    use_driver(monkeypatch, FakeDriver(cuda=None))
    assert choose_provider("auto").warnings == ()
    use_driver(monkeypatch, FakeDriver())
    (warning,) = choose_provider("auto").warnings
    assert "RTX 4070" in warning
    assert "trt-rtx: no trt-rtx here" in warning
    assert choose_provider("cpu").warnings == ()
    use_probes(monkeypatch, "cuda", "cpu")
    assert choose_provider("auto").warnings == ()


def test_not_enough_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, *AUTO)
    fake = FakeDriver(free=2 * 10**9)
    use_driver(monkeypatch, fake)
    monkeypatch.setattr(
        providers, "free_memory_mb", lambda card: fake.free // 10**6 if card.name else None
    )
    assert choose_provider("auto", 1999).device == "trt-rtx"
    choice = choose_provider("auto", 2001)
    assert choice.device == "cpu"
    assert "2000 MB are free on RTX 4070, 2001 MB are needed" in choice.skipped[0].reason
    with pytest.raises(ProviderUnavailableError, match="not enough memory"):
        choose_provider("cuda", 2001)


def test_next_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    use_probes(monkeypatch, "trt-rtx", "tensorrt", "cpu")
    use_driver(monkeypatch, FakeDriver(cuda=None))
    lost = DeviceLostError("the device was lost")
    second = choose_next(choose_provider("auto"), lost)
    assert second is not None
    assert second.device == "tensorrt"
    assert [skipped.provider for skipped in second.skipped] == ["trt-rtx", "cuda"]
    third = choose_next(second, lost)
    assert third is not None
    assert third.device == "cpu"
    assert len(third.warnings) == 2
    assert "tensorrt failed (the device was lost); cpu" in third.warnings[1]
    assert choose_next(third, lost) is None
    assert choose_next(choose_provider("trt-rtx"), lost) is None


@pytest.mark.parametrize(
    ("fake", "device", "reason"),
    [
        (FakeDriver(cuda=None), "cuda", "no NVIDIA driver: "),
        (FakeDriver(cuda=None), "trt-rtx", "cannot open shared object file"),
        (FakeDriver(init=804), "tensorrt", "too old"),
        (FakeDriver(), "cuda", "is the one without it"),
        (FakeDriver(cards=[("H100", 90)]), "trt-rtx", "compute capability 9.0.*8.6, 8.9, 12.0"),
        (FakeDriver(cuda=12080), "trt-rtx", "runs CUDA 12.8, and CUDA 13 is needed"),
    ],
)
def test_reasons(
    fake: FakeDriver, device: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libcudart.so.13.4.36").touch()
    monkeypatch.setattr(provider_probe, "plugin_folder", lambda device: tmp_path)
    use_driver(monkeypatch, fake)
    found = probe(device)
    assert not found.usable
    assert found.hint
    with pytest.raises(ProviderUnavailableError, match=reason):
        choose_provider(device)


@pytest.mark.parametrize(("device", "extra"), [("trt-rtx", "gpu"), ("openvino", "openvino")])
def test_missing_plugin(device: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use_driver(monkeypatch, FakeDriver())
    monkeypatch.setattr(provider_probe, "plugin_folder", lambda device: None)
    found = probe(device)
    assert "is not installed" in found.reason
    assert found.hint == f"pip install 'descant[{extra}]'"


def test_plugin_without_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_probe, "plugin_folder", lambda device: Path("/nowhere"))
    monkeypatch.setattr("descant.runtime.provider_target.plugin_devices", lambda device: ())
    found = probe("openvino")
    assert "finds no device" in found.reason
    assert "Intel" in found.hint


def test_plugin_that_does_not_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_plugin.py").write_text(
        "def get_library_path():\n    return '/nowhere/libbroken.so'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    broken = provider_plugins.Plugin("broken_plugin", "BrokenProvider", (), "gpu")
    monkeypatch.setitem(provider_plugins.PLUGINS, "openvino", broken)
    with pytest.raises(ProviderUnavailableError, match="cannot open shared object file"):
        make_target("openvino")


@pytest.mark.parametrize("registered", [(), ("card 0", "card 1")])
def test_targets_of_cuda(registered: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "descant.runtime.provider_target.registered_devices", lambda provider: registered
    )
    cuda, tensorrt = make_target("cuda"), make_target("tensorrt", Path("cache"))
    assert cuda.devices == registered[:1]
    assert tensorrt.devices == ()
    assert cuda.allocator == tensorrt.allocator == next(iter(registered), None)
    assert cuda.memory == tensorrt.memory == "cuda"
    assert tensorrt.options["trt_engine_cache_path"] == "cache"
    assert make_target("cpu").memory == "host"


def test_tensorrt_rtx_names_what_is_missing() -> None:
    pytest.importorskip(
        "onnxruntime_ep_nv_tensorrt_rtx", reason="TensorRT-RTX's plug-in is not installed"
    )
    if not read_driver().reason:
        pytest.skip("this machine has a card: nothing is missing")
    with pytest.raises(ProviderUnavailableError, match=r"libcuda\.so\.1: cannot open"):
        make_target("trt-rtx")


def test_library_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_plugins, "plugin_folder", lambda device: tmp_path)
    assert provider_plugins.library_version("trt-rtx", "tensorrt_rtx") is None
    (tmp_path / "libtensorrt_rtx.so.1.7.1").touch()
    (tmp_path / "libtensorrt_onnxparser_rtx.so.9.9").touch()
    assert provider_plugins.library_version("trt-rtx", "tensorrt_rtx") == "1.7.1"


def test_probes_are_quick_and_light() -> None:
    code = (
        "import json, sys, time\n"
        "from descant.runtime import provider_probe\n"
        "from descant.runtime.providers import DEVICES\n"
        "provider_probe.plugin_folder = lambda device: None\n"
        "begin = time.perf_counter()\n"
        "found = {name: provider_probe.probe(name).usable for name in DEVICES[1:]}\n"
        "spent = time.perf_counter() - begin\n"
        "print(json.dumps([found, spent, sorted(sys.modules)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, spent, modules = json.loads(done.stdout)
    assert found["cpu"]
    if read_driver().reason:
        assert [name for name, usable in found.items() if usable] == ["cpu"]
        assert spent < 0.05
        assert "onnxruntime" not in modules
        assert "numpy" not in modules


def test_probes_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def count() -> str:
        calls.append("cuda")
        return "RTX 4070"

    checks: dict[str, Any] = provider_probe._CHECKS
    monkeypatch.setitem(checks, "cuda", count)
    assert probe("cuda") is probe("cuda")
    assert calls == ["cuda"]
    assert set(checks) == set(DEVICES[1:])
