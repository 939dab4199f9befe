"""Pages and pictures: whole, harmless, alone, and with something to see."""

from __future__ import annotations

import dataclasses
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from descant.runtime.bench.canvas import drawable
from descant.runtime.bench.card import card_png
from descant.runtime.bench.compare import compare_reports
from descant.runtime.bench.compare_page import comparison_page
from descant.runtime.bench.labels import cell_labels, middle_cut
from descant.runtime.bench.page import report_page
from descant.runtime.bench.records import Report, Row
from tests.runtime.bench_reports import MACHINE, NASTY, report, rich_report, row

VOID = {"meta", "rect", "line", "br"}


class Checker(HTMLParser):
    """Holds that tags are closed in order, and collects what the page shows."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


def checked(page: str) -> Checker:
    """Parse a page and hold what is true of all of them."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert not checker.open
    assert "script" not in checker.seen
    assert not {"link", "img", "iframe", "object", "embed"} & set(checker.seen)
    names = {name for name, _ in checker.attributes}
    assert not {"src", "href", "srcset", "style"} & names
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"url\(|@import", page)
    outside = [value for _, value in checker.attributes if value and value.startswith("http")]
    assert set(outside) <= {"http://www.w3.org/2000/svg"}
    return checker


def test_page_shows_every_cell_and_the_definition() -> None:
    made = rich_report()
    checker = checked(report_page(made))
    assert made.rtf_means in checker.shown
    assert checker.seen.count("svg") >= 3
    assert checker.seen.count("caption") == 3
    assert NASTY in checker.shown
    for text in ("trt-rtx", "cuda", "0.0123 nats, cos 0.9991", "Some Card 4070", "no such device"):
        assert text in checker.shown


def test_page_without_a_measured_cell() -> None:
    failed = Row("starter", 10.0, 8, "cuda", "failed", "no card")
    checker = checked(report_page(report([failed])))
    assert "no card" in checker.shown


def test_page_of_references_says_so() -> None:
    checker = checked(report_page(report([row([400.0, 401.0])])))
    assert "reference itself" in checker.shown


@pytest.mark.parametrize("time", [0.0001, 1e9])
def test_extreme_times_are_drawn(time: float) -> None:
    page = report_page(report([row([time])]))
    checked(page)
    assert "nan" not in page
    assert "inf" not in page.replace("info", "")


def test_comparison_page() -> None:
    one = rich_report()
    other = report([row([200.0 + i for i in range(30)]), row([5.0] * 30, "openvino")])
    checker = checked(comparison_page(compare_reports(one, other)))
    assert "B is faster" in checker.shown
    assert "only B has" in checker.shown


def test_labels_say_what_differs() -> None:
    rows = [row([1.0]), row([1.0], "cuda"), row([1.0], seconds=30.0)]
    assert cell_labels(rows) == ["10 s, cpu", "10 s, cuda", "30 s, cpu"]
    assert middle_cut("a-very-long-name-of-a-pack-int8", 16) == "a-very-lon…-int8"


def picture(made: Report) -> Image.Image:
    """Return the card's pixels."""
    return Image.open(io.BytesIO(card_png(made)))


@pytest.mark.parametrize(
    "made",
    [
        rich_report(),
        report([row([0.001])], machine=dataclasses.replace(MACHINE, gpus=(), cpu="x" * 300)),
        report([Row("starter", 10.0, 8, "cuda", "failed", "no card")]),
    ],
    ids=["rich", "extreme", "nothing measured"],
)
def test_card_has_its_size_and_something_on_it(made: Report) -> None:
    image = picture(made)
    assert image.format == "PNG"
    assert image.size == (1200, 630)
    pixels = np.asarray(image.convert("L"))
    paper = int(pixels[0, 0])
    drawn = np.abs(pixels.astype(int) - paper) > 40
    assert 0.005 < drawn.mean() < 0.5
    # Nothing reaches the border, where it would be cut.
    border = np.concatenate(
        [drawn[:24].ravel(), drawn[-24:].ravel(), drawn[:, :24].ravel(), drawn[:, -24:].ravel()]
    )
    assert not border.any()


def test_card_changes_with_the_numbers() -> None:
    assert card_png(report([row([400.0])])) != card_png(report([row([300.0])]))


def test_foreign_signs_become_ones_that_the_font_has() -> None:
    assert drawable("Ångström – 3×µ™ 音") == "Angstrom - 3xuTM ?"  # noqa: RUF001
