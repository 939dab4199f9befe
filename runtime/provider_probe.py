"""Whether each device can be used here, and if not, why: asked once, cheap things first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from descant.runtime.errors import BackendError
from descant.runtime.nvidia import Card, driver
from descant.runtime.provider_plugins import PLUGINS, plugin_folder
from descant.runtime.provider_target import make_target, open_session
from descant.runtime.solver_graph import solver_graph

RTX_CAPABILITIES = (86, 89)
RTX_ALL_FROM = 120
"""Compute capabilities that the TensorRT-RTX plug-in takes."""
_OLDEST_CARD = {12: 50, 13: 75}
"""Lowest compute capability by CUDA's version."""
_CUDA_HINT = "pip uninstall onnxruntime, then pip install onnxruntime-gpu"


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a device can be used."""

    device: str
    usable: bool
    reason: str
    """Which hardware it is, or why it can't be used."""
    hint: str = ""
    """What would help, when it can't."""


class Unusable(Exception):
    """Ends a probe with the reason."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


_probes: dict[str, Probe] = {}
_lock = threading.Lock()


def probe(device: str) -> Probe:
    """Say whether a device can be used, and which hardware it is or why not. Never raises."""
    with _lock:
        if device not in _probes:
            _probes[device] = _probe(device)
        return _probes[device]


def forget_probes() -> None:
    """Ask again the next time: something has been installed, or a card has come back."""
    driver.cache_clear()
    with _lock:
        _probes.clear()


def _probe(device: str) -> Probe:
    try:
        return Probe(device, True, _CHECKS[device]())
    except Unusable as error:
        return Probe(device, False, str(error), error.hint)


def _cpu() -> str:
    return "always there"


def _openvino() -> str:
    _need_plugin("openvino")
    (found, *_) = _trial("openvino")
    return str(found.ep_metadata.get("FULL_DEVICE_NAME", found.device.vendor))


def _trt_rtx() -> str:
    card = _need_card()
    folder = _need_plugin("trt-rtx")
    for cuda in (12, 13):
        if any(folder.glob(f"*cudart*{cuda}*")):
            _need_driver(cuda)
    if card.capability not in RTX_CAPABILITIES and card.capability < RTX_ALL_FROM:
        raise Unusable(
            f"{card.name} has compute capability {_dotted(card.capability)}, and TensorRT-RTX takes"
            f" {', '.join(map(_dotted, RTX_CAPABILITIES))}, {_dotted(RTX_ALL_FROM)} and newer",
            _CUDA_HINT,
        )
    _trial("trt-rtx")
    return card.name


def _cuda() -> str:
    return _built_in("cuda", "providers_cuda")


def _tensorrt() -> str:
    return _built_in("tensorrt", "providers_tensorrt")


def _built_in(device: str, library: str) -> str:
    """Check a provider that only another build of ONNX Runtime has."""
    card = _need_card()
    spec = find_spec("onnxruntime")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not any(list((Path(folder) / "capi").glob(f"*{library}*")) for folder in folders):
        raise Unusable("the installed onnxruntime is the one without it", _CUDA_HINT)
    from onnxruntime.capi import build_and_package_info

    built = str(getattr(build_and_package_info, "cuda_version", "") or "")
    cuda = int(built.split(".")[0]) if built[:1].isdigit() else 12
    _need_driver(cuda)
    oldest = _OLDEST_CARD.get(cuda, 75)
    if card.capability < oldest:
        raise Unusable(
            f"{card.name} has compute capability {_dotted(card.capability)}, and CUDA {cuda} needs "
            f"{_dotted(oldest)}"
        )
    _trial(device)
    return card.name


def _need_card() -> Card:
    found = driver()
    if found.reason:
        hint = "install NVIDIA's driver" if found.is_card_present else "it needs an NVIDIA card"
        raise Unusable(found.reason, hint)
    return found.cards[0]


def _need_driver(cuda: int) -> None:
    have = driver().cuda
    if have < 1000 * cuda:
        raise Unusable(
            f"the NVIDIA driver is too old: it runs CUDA {have // 1000}.{have % 1000 // 10}, and "
            f"CUDA {cuda} is needed",
            "install a newer driver",
        )


def _need_plugin(device: str) -> Path:
    folder = plugin_folder(device)
    if folder is None:
        plugin = PLUGINS[device]
        raise Unusable(
            f"{plugin.module} is not installed", f"pip install 'descant[{plugin.extra}]'"
        )
    return folder


def _trial(device: str) -> tuple[Any, ...]:
    """Make a session of a few nodes: what is missing shows here, and nowhere else before it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        target = make_target(device)
        open_session(solver_graph(), options, target, "solver_step")
    except BackendError as error:
        raise Unusable(str(error), _TRIAL_HINTS.get(device, "")) from error
    return target.devices


def _dotted(capability: int) -> str:
    return f"{capability // 10}.{capability % 10}"


_TRIAL_HINTS = {"openvino": "it needs a processor or graphics of Intel's"}
"""Where the plug-in's own words say too little: on other processors it loads and finds nothing."""

_CHECKS: dict[str, Callable[[], str]] = {
    "cpu": _cpu,
    "trt-rtx": _trt_rtx,
    "cuda": _cuda,
    "tensorrt": _tensorrt,
    "openvino": _openvino,
}
