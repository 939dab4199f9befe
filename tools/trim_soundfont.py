"""Write a soundfont with a part of another's presets, to carry it to a machine that trains.

``python tools/trim_soundfont.py IN.sf3 OUT.sf3 --megabytes 33 --programs 0 4`` keeps the drum kits
and the named programs, then others from the smallest on as far as they fit.
"""

from __future__ import annotations

import argparse
import struct
from dataclasses import dataclass, field
from pathlib import Path

RECORDS = {
    "phdr": 38, "pbag": 4, "pmod": 10, "pgen": 4, "inst": 22, "ibag": 4, "imod": 10, "igen": 4,
    "shdr": 46,
}  # fmt: skip
INSTRUMENT, SAMPLE = 41, 53
"""Generators that name an instrument and a sample."""
DRUM_BANK = 128


@dataclass(slots=True)
class Font:
    """A soundfont's chunks; the tables as lists of records."""

    info: bytes
    samples: bytes
    tables: dict[str, list[bytes]] = field(default_factory=dict)


def read_font(content: bytes) -> Font:
    """Take a soundfont apart."""
    font = Font(b"", b"")
    for name, body in _chunks(content, 12):
        kind = body[:4]
        if kind == b"INFO":
            font.info = body
        elif kind == b"sdta":
            font.samples = dict(_chunks(body, 4))["smpl"]
        elif kind == b"pdta":
            for table, rows in _chunks(body, 4):
                size = RECORDS[table]
                font.tables[table] = [rows[i : i + size] for i in range(0, len(rows), size)]
        else:
            raise ValueError(f"unknown chunk {name} {kind!r}")
    return font


def _chunks(content: bytes, offset: int) -> list[tuple[str, bytes]]:
    found = []
    while offset + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, offset)
        found.append((name.decode(), content[offset + 8 : offset + 8 + size]))
        offset += 8 + size
        if content[offset : offset + 1] == b"\0":  # not every writer pads odd chunks
            offset += 1
    return found


class Trimmer:
    """Keeps presets with all that they need."""

    def __init__(self, font: Font) -> None:
        self.font = font
        self.tables = font.tables

    def preset(self, row: int) -> tuple[int, int]:
        """Return bank and program of a preset."""
        program, bank = struct.unpack_from("<HH", self.tables["phdr"][row], 20)
        return bank, program

    def presets(self) -> range:
        """Return the rows of all presets; the last record is the end's."""
        return range(len(self.tables["phdr"]) - 1)

    def samples_of(self, row: int) -> set[int]:
        """Return the samples that a preset plays, stereo partners included."""
        found: set[int] = set()
        for instrument in self._named("pbag", "pgen", self._span("phdr", row, 24), INSTRUMENT):
            span = self._span("inst", instrument, 20)
            for sample in self._named("ibag", "igen", span, SAMPLE):
                found |= {sample, self._partner(sample)}
        return found

    def size(self, samples: set[int]) -> int:
        """Return the bytes of samples."""
        return sum(end - start for start, end in map(self._bounds, samples))

    def _bounds(self, sample: int) -> tuple[int, int]:
        start, end = struct.unpack_from("<II", self.tables["shdr"][sample], 20)
        return start, end

    def _partner(self, sample: int) -> int:
        link, kind = struct.unpack_from("<HH", self.tables["shdr"][sample], 42)
        return int(link) if kind & 0xE and link < len(self.tables["shdr"]) - 1 else sample

    def _span(self, table: str, row: int, at: int) -> range:
        first, last = (
            struct.unpack_from("<H", self.tables[table][i], at)[0] for i in (row, row + 1)
        )
        return range(first, last)

    def _named(self, bags: str, generators: str, span: range, kind: int) -> list[int]:
        found = []
        for bag in span:
            first, last = (
                struct.unpack_from("<H", self.tables[bags][i])[0] for i in (bag, bag + 1)
            )
            for i in range(first, last):
                operator, amount = struct.unpack("<HH", self.tables[generators][i])
                if operator == kind:
                    found.append(amount)
        return found

    def write(self, rows: list[int]) -> bytes:
        """Return a soundfont with the presets ``rows`` alone; all instruments stay in the tables.

        Only the samples' bytes weigh anything: where nothing kept plays a sample, the shortest one
        stands for it, because players decode all of them.
        """
        kept = set().union(*(self.samples_of(row) for row in rows))
        data, places = bytearray(), {}
        for i in sorted(kept, key=lambda sample: self.size({sample})):
            start, end = self._bounds(i)
            places[i] = (len(data), len(data) + end - start)
            data += self.font.samples[start:end]
        shortest = next(iter(places.values()))
        headers = []
        for i, header in enumerate(self.tables["shdr"]):
            place = struct.pack("<II", *places.get(i, shortest))
            headers.append(header[:20] + place + header[28:])
        tables = {**self.tables, "shdr": headers}
        tables = self._keep_presets(tables, rows)
        return _assemble(self.font.info, bytes(data), tables)

    def _keep_presets(
        self, tables: dict[str, list[bytes]], rows: list[int]
    ) -> dict[str, list[bytes]]:
        heads, bags, generators, modulators = [], [], [], []
        for row in rows:
            head = tables["phdr"][row]
            heads.append(head[:24] + struct.pack("<H", len(bags)) + head[26:])
            for bag in self._span("phdr", row, 24):
                first = struct.unpack("<HH", tables["pbag"][bag])
                last = struct.unpack("<HH", tables["pbag"][bag + 1])
                bags.append(struct.pack("<HH", len(generators), len(modulators)))
                generators += tables["pgen"][first[0] : last[0]]
                modulators += tables["pmod"][first[1] : last[1]]
        end = tables["phdr"][-1]
        heads.append(end[:24] + struct.pack("<H", len(bags)) + end[26:])
        bags.append(struct.pack("<HH", len(generators), len(modulators)))
        return {
            **tables, "phdr": heads, "pbag": bags,
            "pgen": [*generators, tables["pgen"][-1]], "pmod": [*modulators, tables["pmod"][-1]],
        }  # fmt: skip


def _assemble(info: bytes, samples: bytes, tables: dict[str, list[bytes]]) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body

    samples += b"\0" * (len(samples) % 2)  # not every reader skips a pad byte between chunks
    pdta = b"pdta" + b"".join(chunk(n.encode(), b"".join(tables[n])) for n in RECORDS)
    body = b"sfbk" + chunk(b"LIST", info) + chunk(b"LIST", b"sdta" + chunk(b"smpl", samples))
    return chunk(b"RIFF", body + chunk(b"LIST", pdta))


def choose(trimmer: Trimmer, wanted: set[int], limit: int) -> list[int]:
    """Return the rows of presets that fit ``limit`` bytes: kits and wanted programs first."""
    order = sorted(
        (row for row in trimmer.presets() if trimmer.preset(row)[0] in (0, DRUM_BANK)),
        key=lambda row: (
            trimmer.preset(row)[1] not in wanted, trimmer.size(trimmer.samples_of(row)),
        ),
    )  # fmt: skip
    rows: list[int] = []
    samples: set[int] = set()
    for row in order:
        more = samples | trimmer.samples_of(row)
        if trimmer.preset(row)[1] in wanted or trimmer.size(more) <= limit:
            rows.append(row)
            samples = more
    return sorted(rows)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--megabytes", type=float, required=True, help="of samples, at most")
    parser.add_argument("--programs", type=int, nargs="+", default=[], help="kept in any case")
    options = parser.parse_args()
    trimmer = Trimmer(read_font(options.source.read_bytes()))
    kits = {trimmer.preset(r)[1] for r in trimmer.presets() if trimmer.preset(r)[0] == DRUM_BANK}
    rows = choose(trimmer, {*options.programs, *kits}, int(options.megabytes * 1e6))
    options.target.write_bytes(trimmer.write(rows))


if __name__ == "__main__":
    main()
