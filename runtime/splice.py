"""Joints between recorded and made samples that are not heard.

A fade between two sounds keeps their power only if it knows how alike they are: a plain cross-fade
of the same tone is right, an equal-power one of strangers is. The law here takes their correlation
into account. Where nothing was recorded past the joint, the recording is prolonged by linear
prediction, so that there is something to fade from, in phase (Kauppinen and Roth 2002).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Doubles = NDArray[np.float64]

FADE_SECONDS = 0.04
LEAST_FADE_SECONDS = 0.002
PREDICTION_SECONDS = 0.2
"""Of the recording that its prolongation is predicted from."""
PREDICTION_ORDER_SECONDS = 0.03
"""A period of 33 Hz, a low C."""
MEETING_STEP_SECONDS = 0.005
SHIFT_SECONDS = 0.006
"""What comes after may be moved by so much to be in phase; nobody hears it as timing."""


def prolong(samples: FloatArray, count: int, sample_rate: int) -> FloatArray:
    """Return (A, count) samples that go on from (A, N), by linear prediction.

    Args:
        samples: (A, N) float32.
        count: Samples wanted; what is predicted fades by itself after some tenths of a second.
        sample_rate: Hz.
    """
    basis = samples[:, -round(PREDICTION_SECONDS * sample_rate) :].astype(np.float64)
    order = min(round(PREDICTION_ORDER_SECONDS * sample_rate), basis.shape[1] // 3)
    rows = [_predicted(row, order, count) for row in basis]
    return np.stack(rows).astype(np.float32)


def crossfade(before: FloatArray, after: FloatArray) -> FloatArray:
    """Go over from one sound to another at a power that stays, whether they are alike or not.

    Args:
        before: (A, N).
        after: (A, N), of the same places in time.
    """
    count = before.shape[1]
    turn = (np.arange(count) + 0.5) / max(count, 1) * (np.pi / 2)
    out, into = np.cos(turn) ** 2, np.sin(turn) ** 2
    alike = max(correlation(before, after), 0.0)
    # With weights a and b the power is a² + b² + 2ab·r: brought to 1 for every r.
    level = np.sqrt(out**2 + into**2 + 2.0 * out * into * alike)
    mixed: FloatArray = ((out * before + into * after) / level).astype(np.float32)
    return mixed


def correlation(first: FloatArray, second: FloatArray) -> float:
    """Cosine between two sounds of equal shape, -1 … 1; 0 when one is silent."""
    a, b = first.ravel().astype(np.float64), second.ravel().astype(np.float64)
    return float(a @ b / max(float(np.sqrt((a @ a) * (b @ b))), 1e-12))


def best_shift(target: FloatArray, made: FloatArray, sample_rate: int) -> int:
    """Return by how many samples ``made`` should be read later to be in phase with ``target``.

    Args:
        target: (N,) mono.
        made: (N + 2 * S,) mono that begins S samples before ``target``; S is SHIFT_SECONDS.
        sample_rate: Hz.

    Returns:
        -S … S; 0 where no shift is clearly better.
    """
    most = round(SHIFT_SECONDS * sample_rate)
    count = len(target)
    products = np.correlate(made.astype(np.float64), target.astype(np.float64), "valid")
    energy = np.concatenate([[0.0], np.cumsum(np.square(made, dtype=np.float64))])
    lengths = np.sqrt(np.maximum(energy[count:] - energy[:-count], 1e-12))
    likeness = products / lengths
    best = int(np.argmax(likeness[: 2 * most + 1]))
    return best - most if likeness[best] > likeness[most] else 0


def meeting_point(recorded: FloatArray, made: FloatArray, sample_rate: int) -> int:
    """Return where two versions of the same music differ least over the length of a fade.

    That is where both are in phase, or quiet.

    Args:
        recorded: (A, N), N at least the length of a fade.
        made: (A, N).
        sample_rate: Hz.
    """
    fade, step = (round(s * sample_rate) for s in (FADE_SECONDS, MEETING_STEP_SECONDS))
    power = np.square(recorded - made, dtype=np.float64).sum(0)
    total = np.concatenate([[0.0], np.cumsum(power)])
    places = np.arange(0, recorded.shape[1] - fade + 1, step)
    return int(places[np.argmin(total[places + fade] - total[places])])


def put_in(whole: FloatArray, made: FloatArray, begin: int, sample_rate: int) -> FloatArray:
    """Replace a stretch of a recording; outside of it not a bit is changed.

    Args:
        whole: (A, N) float32. Not modified.
        made: (A, M) float32, from sample ``begin`` on. The fades are inside it.
        begin: First sample that is replaced.
        sample_rate: Hz.
    """
    result, end = whole.copy(), begin + made.shape[1]
    fade = min(round(FADE_SECONDS * sample_rate), made.shape[1] // 2)
    inside = made.copy()
    if begin > 0:
        inside[:, :fade] = crossfade(whole[:, begin : begin + fade], made[:, :fade])
    if end < whole.shape[1]:
        last = slice(made.shape[1] - fade, None)
        inside[:, last] = crossfade(made[:, last], whole[:, end - fade : end])
    result[:, begin:end] = inside
    return result


def _predicted(row: Doubles, order: int, count: int) -> Doubles:
    """Go on from (N,) samples with the filter of Burg's method, which never grows."""
    if order < 1 or not row.any():
        return np.zeros(count)
    weights = _burg(row, order)[::-1]
    line = np.concatenate([row[-order:], np.zeros(count)])
    for i in range(count):
        line[order + i] = weights @ line[i : order + i]
    return line[order:]


def _burg(row: Doubles, order: int) -> Doubles:
    """(order,) weights of the latest samples, newest first, that predict the next (Burg 1975)."""
    forward, backward = row[1:].copy(), row[:-1].copy()
    filter_ = np.ones(1)
    for _ in range(order):
        power = float(forward @ forward + backward @ backward)
        if power <= 1e-20:
            break
        reflection = -2.0 * float(forward @ backward) / power
        padded = np.append(filter_, 0.0)
        filter_ = padded + reflection * padded[::-1]
        forward, backward = (
            forward[1:] + reflection * backward[1:],
            backward[:-1] + reflection * forward[:-1],
        )
    weights = np.zeros(order)
    weights[: len(filter_) - 1] = -filter_[1:]
    return weights
