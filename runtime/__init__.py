"""Any input to sound: the public names of the runtime, each loaded on first use."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from descant.models.theory.notes import Key, Note
    from descant.models.theory.sheet import LeadSheet
    from descant.runtime.blip import BlipCaptioner
    from descant.runtime.captions import Bridge, Captioner, Explanation
    from descant.runtime.chain import explain
    from descant.runtime.clip import Clip, read_receipt
    from descant.runtime.cooperative import CooperativeJob
    from descant.runtime.engine import Engine
    from descant.runtime.errors import (
        BackendError,
        DescantError,
        DeviceLostError,
        DeviceMemoryError,
        GenerationCancelled,
        GraphMismatchError,
        NotReadyError,
        NumericalError,
        OutputError,
        PackError,
        PackFormatError,
        PackIntegrityError,
        PackNotFoundError,
        ProviderUnavailableError,
        RequestError,
        UnhealthyClipError,
    )
    from descant.runtime.files import whole_file, write_atomically
    from descant.runtime.film import Film, read_film
    from descant.runtime.job import Job
    from descant.runtime.language import LanguageBridge
    from descant.runtime.midi_writer import write_midi
    from descant.runtime.pack import Pack, open_pack
    from descant.runtime.pack_check import CheckedPack, check_pack
    from descant.runtime.pack_store import PackStore, RemovedPack, StoredPack
    from descant.runtime.pack_summary import PackSummary
    from descant.runtime.pictures import Picture, read_picture
    from descant.runtime.prebuilt import Prebuilt, find_engine
    from descant.runtime.progress import Progress
    from descant.runtime.provider_probe import Probe, forget_probes
    from descant.runtime.providers import DEVICES, Choice, choose_provider, look_at
    from descant.runtime.recorder import Take, record_take
    from descant.runtime.replaying import Replay, replay
    from descant.runtime.request import Request
    from descant.runtime.retrieval import Neighbour
    from descant.runtime.score import Laying, Score, lay_music, score_film
    from descant.runtime.soundtrack import Soundtrack
    from descant.runtime.soundtrack_parts import Layer
    from descant.runtime.transcribe import TranscribeOptions, Transcription, transcribe_file

# ONNX Runtime keeps a record of its use and sends it to its maker, unless this is said before it
# is loaded. Nothing in Python sees the connection that it opens.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__all__ = [
    "DEVICES",
    "BackendError",
    "BlipCaptioner",
    "Bridge",
    "Captioner",
    "CheckedPack",
    "Choice",
    "Clip",
    "CooperativeJob",
    "DescantError",
    "DeviceLostError",
    "DeviceMemoryError",
    "Engine",
    "Explanation",
    "Film",
    "GenerationCancelled",
    "GraphMismatchError",
    "Job",
    "Key",
    "LanguageBridge",
    "Layer",
    "Laying",
    "LeadSheet",
    "Neighbour",
    "NotReadyError",
    "Note",
    "NumericalError",
    "OutputError",
    "Pack",
    "PackError",
    "PackFormatError",
    "PackIntegrityError",
    "PackNotFoundError",
    "PackStore",
    "PackSummary",
    "Picture",
    "Prebuilt",
    "Probe",
    "Progress",
    "ProviderUnavailableError",
    "RemovedPack",
    "Replay",
    "Request",
    "RequestError",
    "Score",
    "Soundtrack",
    "StoredPack",
    "Take",
    "TranscribeOptions",
    "Transcription",
    "UnhealthyClipError",
    "check_pack",
    "choose_provider",
    "explain",
    "find_engine",
    "forget_probes",
    "lay_music",
    "look_at",
    "open_pack",
    "read_film",
    "read_picture",
    "read_receipt",
    "record_take",
    "replay",
    "score_film",
    "transcribe_file",
    "whole_file",
    "write_atomically",
    "write_midi",
]

_HOMES = {
    "BlipCaptioner": "blip",
    "Bridge": "captions",
    "Captioner": "captions",
    "CheckedPack": "pack_check",
    "Choice": "providers",
    "Clip": "clip",
    "CooperativeJob": "cooperative",
    "DEVICES": "providers",
    "Engine": "engine",
    "Explanation": "captions",
    "Film": "film",
    "Job": "job",
    "LanguageBridge": "language",
    "Layer": "soundtrack_parts",
    "Laying": "score",
    "Neighbour": "retrieval",
    "Pack": "pack",
    "PackStore": "pack_store",
    "PackSummary": "pack_summary",
    "Picture": "pictures",
    "Prebuilt": "prebuilt",
    "Probe": "provider_probe",
    "Progress": "progress",
    "RemovedPack": "pack_store",
    "Replay": "replaying",
    "Request": "request",
    "Score": "score",
    "Soundtrack": "soundtrack",
    "StoredPack": "pack_store",
    "Take": "recorder",
    "TranscribeOptions": "transcribe",
    "Transcription": "transcribe",
    "check_pack": "pack_check",
    "choose_provider": "providers",
    "explain": "chain",
    "find_engine": "prebuilt",
    "forget_probes": "provider_probe",
    "lay_music": "score",
    "look_at": "providers",
    "open_pack": "pack",
    "read_film": "film",
    "read_picture": "pictures",
    "read_receipt": "clip",
    "record_take": "recorder",
    "replay": "replaying",
    "score_film": "score",
    "transcribe_file": "transcribe",
    "whole_file": "files",
    "write_atomically": "files",
    "write_midi": "midi_writer",
}

_THEORY = {"Key": "notes", "LeadSheet": "sheet", "Note": "notes"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'descant.runtime' has no attribute {name!r}")
    if name in _THEORY:
        module = import_module(f"descant.models.theory.{_THEORY[name]}")
    else:
        module = import_module(f"descant.runtime.{_HOMES.get(name, 'errors')}")
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
