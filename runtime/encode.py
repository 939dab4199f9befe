"""Samples to the bytes of an audio file: the same bytes for the same samples, every time."""

from __future__ import annotations

import io
import zlib

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import OutputError
from descant.runtime.loop_tags import reserve_loop, write_loop
from descant.runtime.wav import wav_bytes

OGG_SERIAL = 0x64657363
"""Stream number of every OGG file; libsndfile would draw a random one."""
_BLOCK = 65536
"""libvorbis overflows its stack when it gets minutes of audio in one call."""
_REVERSED = bytes(int(f"{i:08b}"[::-1], 2) for i in range(256))


def encode_audio(
    samples: NDArray[np.float32],
    sample_rate: int,
    suffix: str,
    bit_depth: int,
    comment: str,
    loop: bool = False,
) -> bytes | memoryview:
    """Encode samples with a comment in the file's metadata.

    Args:
        samples: (A, N) float32 in [-1, 1].
        sample_rate: Hz.
        suffix: ``.wav``, ``.flac`` or ``.ogg``.
        bit_depth: 16 or 24; ignored for OGG.
        comment: Stored as ICMT (WAV) or COMMENT (FLAC, OGG).
        loop: The whole file is to be repeated: stored as a ``smpl`` chunk (WAV), or in the tags
            LOOPSTART and LOOPLENGTH.
    """
    if suffix == ".ogg":
        return _encode_ogg(samples, sample_rate, comment, loop)
    scale, shift = (32767, 16) if bit_depth == 16 else (8388607, 8)
    whole = np.round(np.clip(samples.T.astype(np.float64), -1.0, 1.0) * scale).astype(np.int32)
    if suffix == ".wav":
        return wav_bytes(whole, sample_rate, bit_depth, comment, loop)
    content = _write(whole << shift, sample_rate, "FLAC", f"PCM_{bit_depth}", comment, loop)
    return write_loop(content, len(whole)) if loop else content


def _encode_ogg(samples: NDArray[np.float32], sample_rate: int, comment: str, loop: bool) -> bytes:
    """Encode as Vorbis, quieter where the codec's ringing would pass −1 dBFS."""
    import soundfile

    from descant.runtime.limiter import MAX_TRUE_PEAK_DB
    from descant.runtime.true_peak import true_peak

    limit, wave = 10 ** (MAX_TRUE_PEAK_DB / 20), samples
    for _ in range(4):
        content = _write(wave.T, sample_rate, "OGG", "VORBIS", comment, loop)
        decoded, _rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
        peak = true_peak(decoded.T)
        if peak <= limit:
            break
        wave = wave * np.float32(limit / peak * 0.995)
    return with_serial(write_loop(content, len(wave.T)) if loop else content, OGG_SERIAL)


def _write(
    frames: NDArray[np.int32] | NDArray[np.float32],
    sample_rate: int,
    kind: str,
    subtype: str,
    comment: str,
    loop: bool,
) -> bytes:
    import soundfile

    buffer = io.BytesIO()
    try:
        with soundfile.SoundFile(
            buffer, "w", sample_rate, frames.shape[1], subtype=subtype, format=kind
        ) as file:
            if loop:
                reserve_loop(file, len(frames))
            file.comment = comment
            for begin in range(0, len(frames), _BLOCK):
                file.write(np.ascontiguousarray(frames[begin : begin + _BLOCK]))
    except soundfile.LibsndfileError as error:
        raise OutputError(f"can't encode {kind}: {error.error_string}") from error
    return buffer.getvalue()


def with_serial(ogg: bytes, serial: int) -> bytes:
    """Return an OGG stream with another serial number and the check sums that go with it.

    Raises:
        ValueError: Not a sequence of OGG pages.
    """
    pages = bytearray(ogg)
    begin = 0
    while begin < len(pages):
        if pages[begin : begin + 4] != b"OggS" or begin + 27 > len(pages):
            raise ValueError(f"no OGG page at byte {begin}")
        segments = pages[begin + 26]
        body = sum(pages[begin + 27 : begin + 27 + segments])
        end = begin + 27 + segments + body
        pages[begin + 14 : begin + 18] = serial.to_bytes(4, "little")
        pages[begin + 22 : begin + 26] = bytes(4)
        pages[begin + 22 : begin + 26] = _ogg_crc(bytes(pages[begin:end])).to_bytes(4, "little")
        begin = end
    return bytes(pages)


def _ogg_crc(page: bytes) -> int:
    """CRC-32 of OGG: zlib's polynomial with the bits the other way round and no inversions."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
