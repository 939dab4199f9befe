"""Reports for the tests of the bench's outputs, made without measuring anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from descant.runtime.bench.records import (
    FORMAT,
    RTF_MEANS,
    SCHEMA,
    Cold,
    Energy,
    Fidelity,
    Gpu,
    Machine,
    Memory,
    PackInfo,
    Protocol,
    Report,
    Row,
)
from descant.runtime.bench.stats import by_stage, seconds_per_second, summarise

REFERENCE = Fidelity("reference", 0.0, 1.0, "this is what others are compared with")
NASTY = '<script>alert("x")</script> & a|b http://'
MACHINE = Machine(
    cpu="Some Processor 9 with Graphics", cores=16, threads=8, memory_mb=32_000.0,
    os="Some System 1.2", python="3.11.7", onnxruntime="1.32.0", numpy="2.3.0",
    gpus=(Gpu("Some Card 4070", 8585.0, "581.29", "8.9", 2100),), gpu_reason="",
)  # fmt: skip


def row(
    times: Sequence[float],
    provider: str = "cpu",
    pack: str = "starter",
    fidelity: Fidelity = REFERENCE,
    seconds: float = 10.0,
) -> Row:
    """Return a measured row with these times in ms."""
    total = summarise(times)
    stages = [{"sample": 0.6 * time, "vocode": 0.3 * time, "other": 0.1 * time} for time in times]
    return Row(
        pack=pack,
        seconds=seconds,
        steps=8,
        provider=provider,
        status="measured",
        device=provider,
        rtf=seconds_per_second(seconds, total.p50),
        total=total,
        stages=by_stage(stages),
        runs_ms=tuple(times),
        cold=Cold(30.0, 300.0, 50.0, 900.0, 1280.0),
        memory=Memory(380.0, 402.5, None, None),
        energy=Energy(None, "computed on the CPU"),
        fidelity=fidelity,
        repeatable=True,
        samples=441_000,
    )


def pack_info(label: str = "starter", sha256: str = "ab" * 32) -> PackInfo:
    """Return a pack."""
    return PackInfo(label, label, "Some pack", "1.0", sha256, "starter", 44_100)


def report(
    rows: Sequence[Row], packs: Sequence[PackInfo] | None = None, machine: Machine = MACHINE
) -> Report:
    """Return a report of these rows."""
    labels = dict.fromkeys(found.pack for found in rows)
    return Report(
        format=FORMAT,
        schema=SCHEMA,
        descant="0.1.0",
        date="2025-01-31T12:00Z",
        command="descant bench --pack starter",
        rtf_means=RTF_MEANS,
        machine=machine,
        protocol=Protocol(30, 3, 120.0, False, "calm piano", 7, ""),
        packs=tuple(packs or [pack_info(label) for label in labels]),
        rows=tuple(rows),
        complete=True,
    )


def rich_report() -> Report:
    """Return a report with every kind of row and with texts that mean harm."""
    measured = Fidelity("measured", 0.0123, 0.9991, "against starter on the CPU")
    rows = [
        row([400.0 + i for i in range(30)]),
        dataclasses.replace(
            row([20.0 + 0.1 * i for i in range(30)], "trt-rtx", fidelity=measured),
            memory=Memory(500.0, 600.0, 1200.0, 1400.0),
            energy=Energy(1.25, "NVML, all of the card"),
            warnings=(NASTY,),
        ),
        row([21.0, 21.5], "cuda", pack=NASTY * 2, fidelity=measured),
        Row("starter", 10.0, 8, "tensorrt", "failed", NASTY),
        Row("starter", 10.0, 8, "auto", "skipped", "no such device"),
    ]
    return report(rows)
