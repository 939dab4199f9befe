"""A table is read strictly: a wrong cell is named by line and column before anything is made."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from descant.models.theory.notes import Key
from descant.runtime import Request
from descant.runtime.batch.columns import ALIASES, NAME, READERS
from descant.runtime.batch.job import Job, file_name
from descant.runtime.batch.table import Row, read_table
from descant.runtime.errors import RequestError
from descant.runtime.files import write_atomically


def table(folder: Path, text: str | bytes) -> tuple[Row, ...]:
    """Write a table and read it."""
    path = folder / "prompts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path)


def test_every_field_of_a_request_is_a_column() -> None:
    fields = {field.name for field in dataclasses.fields(Request)}
    assert fields - set(READERS) <= {"deadline_ms"}
    assert set(ALIASES.values()) <= set(READERS)


def test_cells_are_read_by_their_kind(tmp_path: Path) -> None:
    (tmp_path / "tale.txt").write_text("Once upon a time.")
    for name in ("a.png", "b c.png", "tune.mid"):
        (tmp_path / name).write_bytes(b"x")
    (first, second) = table(
        tmp_path,
        "\ufeffName,Prompt,BPM,key,seconds,seed,image,melody,story,intensity,count\n"
        '"rain, at night",calm piano,97.5,D minor,4,7,a.png; b c.png,tune.mid,@tale.txt,0.2;0.8,2\n'
        "\n,\n"
        ",loud\n",
    )
    assert (first.name, first.number) == ("rain, at night", 2)
    assert first.request == Request(
        prompt="calm piano", tempo_bpm=97.5, key=Key(2, "minor"), seconds=4.0, seed=7,
        images=(str(tmp_path / "a.png"), str(tmp_path / "b c.png")),
        melody=str(tmp_path / "tune.mid"), story="Once upon a time.", intensity=(0.2, 0.8), count=2,
    )  # fmt: skip
    assert (second.name, second.number, second.request.prompt) == ("0002", 5, "loud")


def test_a_row_without_a_seed_has_one_of_its_own(tmp_path: Path) -> None:
    one, two, same = table(tmp_path, "prompt,name\ncalm,a\nloud,b\ncalm,c\n")
    assert one.request.seed == same.request.seed != two.request.seed
    assert table(tmp_path, "name,prompt\nz,calm\n")[0].request.seed == one.request.seed


def test_a_seed_follows_from_the_cells_wherever_the_table_is(tmp_path: Path) -> None:
    seeds = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        for file in ("a.mid", "b.mid", "a.png", "b.png"):
            (tmp_path / name / file).write_bytes(b"x")
        rows = table(tmp_path / name, "melody,images\na.mid,\nb.mid,\n,a.png;b.png\n,a.png\n")
        seeds.append([row.request.seed for row in rows])
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) == 4


def test_names_beside_numbered_files(tmp_path: Path) -> None:
    lines = ("hit,2", "hit-1,", "hit-03,", "hit-00,", "hit-001,", "hit-01-01,", "雨" * 83 + ",")
    rows = table(tmp_path, "name,count,prompt\n" + "".join(f"{line},x\n" for line in lines))
    files = [
        name
        for row in rows
        for name in Job(row.name, row.number, row.asked, "").file_names(".flac")
    ]
    assert len({name.lower() for name in files}) == len(files) == len(lines) + 1
    for name in files:
        write_atomically(tmp_path / name, b"x")
        assert (tmp_path / name).read_bytes() == b"x"


def test_lines_inside_quotes_count(tmp_path: Path) -> None:
    rows = table(tmp_path, 'prompt,seconds\n"two\nlines",2\nnext,3\n')
    assert [row.number for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "empty"),
        ("prompt\n", "no rows"),
        ("prompt,mood\na,b\n", "line 1, column 'mood'.*no such column"),
        ("prompt,bpm,tempo_bpm\na,1,1\n", "line 1, column 'tempo_bpm'.*twice"),
        ("prompt,seconds\nok,2\na,long\n", "line 3, column 'seconds'"),
        ("prompt,seconds\na,9999\n", "line 2, column 'seconds'.*600"),
        ("prompt,seconds\na,nan\n", "line 2, column 'seconds'"),
        ("prompt,seed\na,1.5\n", "line 2, column 'seed'.*whole"),
        ("prompt,key\na,H dur\n", "line 2, column 'key'"),
        ("prompt,melody\na,none.mid\n", "line 2, column 'melody'.*none.mid"),
        ("prompt,image\na,x\0y\n", "line 2"),
        ("prompt,inpaint\na,4\n", "line 2, column 'inpaint'"),
        ("prompt,story\na,@none.txt\n", "line 2, column 'story'"),
        ("prompt,seconds\na,2,3\n", "line 2.*3 cells for 2 columns"),
        ("name,prompt\na,\n", "line 2.*prompt is empty"),
        ("name,prompt\n../a,x\n", "line 2, column 'name'"),
        ("name,prompt\n.a,x\n", "line 2, column 'name'"),
        ("name,prompt\na.,x\n", "line 2, column 'name'"),
        ("name,prompt\nCON,x\n", "line 2, column 'name'"),
        ("name,prompt\na,x\nb,y\nA,z\n", "line 4, column 'name'.*line 2"),
        (f"name,prompt\n{'n' * 121},x\n", "line 2, column 'name'"),
        (f"name,prompt\n{'雨' * 84},x\n", "line 2, column 'name'.*257 bytes"),
        ("name,prompt,count\nhit,x,2\nother,x,\nHIT-02,x,\n", "line 4, column 'name'.*line 2"),
        ("name,prompt,count\nHit-001,x,\nhit,x,100\n", "line 3, column 'name'.*line 2"),
        ('prompt\n"open\n', "line"),
        ('prompt\n"a"b\n', "line 2"),
        (b"prompt\n\xff\n", "UTF-8"),
    ],
)
def test_refused(tmp_path: Path, text: str | bytes, match: str) -> None:
    with pytest.raises(RequestError, match=match) as refused:
        table(tmp_path, text)
    assert refused.value.hint


def test_tables_that_are_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", "https://example.org/a.csv"):
        with pytest.raises(RequestError):
            read_table(path)


CELLS = st.text(max_size=12) | st.sampled_from(
    ["1", "0.5", "1e400", "-1", "a.png", "@", "nan", ";"]
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    columns=st.lists(st.sampled_from([NAME, *READERS, *ALIASES]) | st.text(max_size=4), max_size=5),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=3),
)
def test_any_table_is_read_or_refused(
    tmp_path: Path, columns: list[str], rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    outcome = read_or_refused(tmp_path, text.getvalue().encode("utf-8", "replace"))
    if isinstance(outcome, RequestError):
        assert outcome.hint
    else:
        assert all(row.request.seed is not None for row in outcome)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    taken=st.lists(
        st.tuples(st.sampled_from(["a", "A", "a-01", "a-02", "a-001", "a-01-01"]),
                  st.sampled_from([1, 2, 100])), max_size=4, unique_by=lambda row: row[0].lower(),
    )
)  # fmt: skip
def test_rows_are_refused_where_files_meet(tmp_path: Path, taken: list[tuple[str, int]]) -> None:
    files = [file_name(name.lower(), n, count, "") for name, count in taken
             for n in range(1, count + 1)]  # fmt: skip
    text = "".join(f"{name},{count},x\n" for name, count in taken)
    outcome = read_or_refused(tmp_path, b"name,count,prompt\n" + text.encode())
    if taken:
        assert isinstance(outcome, RequestError) == (len(set(files)) < len(files))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for start in (b"", b"prompt,seconds\n"):
        outcome = read_or_refused(tmp_path, start + content)
        assert isinstance(outcome, tuple) or outcome.hint


def read_or_refused(folder: Path, content: bytes) -> tuple[Row, ...] | RequestError:
    """Return the rows, or why not."""
    try:
        return table(folder, content)
    except RequestError as error:
        return error
