"""Pieces that the pages are made of; every text that goes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from descant.runtime.bench.style import STYLE
from descant.runtime.bench.svg import escaped

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may load nothing and run nothing, whatever got into it."""


def document(title: str, body: Iterable[str]) -> str:
    """Return a whole page that needs no other file."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def heading(over: str, title: str, lines: Sequence[str]) -> str:
    """Return the top of a page."""
    below = "".join(f'<p class="soft">{escaped(line)}</p>' for line in lines)
    return f'<header><p class="over">{escaped(over)}</p><h1>{escaped(title)}</h1>{below}</header>'


def section(title: str, intro: str, *parts: str) -> str:
    """Return a part with its heading; without an introduction when that is empty."""
    begin = f'<p class="soft">{escaped(intro)}</p>' if intro else ""
    return f"<section><h2>{escaped(title)}</h2>{begin}{''.join(parts)}</section>"


def figure(drawing: str, name: str) -> str:
    """Return a chart that can be scrolled where the screen is narrow."""
    return (
        f'<figure><div class="scroll" tabindex="0" role="group" aria-label="{escaped(name)}">'
        f"{drawing}</div></figure>"
    )


def figures(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the numbers that are read first."""
    cells = [
        f'<div class="{"first" if i == 0 else ""}"><dt>{escaped(name)}</dt>'
        f"<dd>{escaped(value)}</dd></div>"
        for i, (name, value) in enumerate(pairs)
    ]
    return f'<dl class="figures">{"".join(cells)}</dl>'


class Markup(str):
    """Text that is HTML already."""


def command(line: str) -> Markup:
    """Return a command line that breaks between words only."""
    words = "".join(f"<span>{escaped(word)}</span> " for word in line.split())
    return Markup(f'<code class="command">{words}</code>')


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names with what they are."""
    rows = "".join(
        f"<dt>{escaped(name)}</dt><dd>{value if isinstance(value, Markup) else escaped(value)}</dd>"
        for name, value in pairs
    )
    return f'<dl class="facts">{rows}</dl>'


def notes(lines: Sequence[str]) -> str:
    """Return a list of sentences."""
    return f'<ul class="notes">{"".join(f"<li>{escaped(line)}</li>" for line in lines)}</ul>'


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    kinds: Sequence[str] = (),
    marked: int = 0,
) -> str:
    """Return a table whose first column names the row.

    Args:
        caption: What it shows.
        columns: Headings.
        rows: Texts, as many in each as there are headings.
        kinds: Class of one cell in each row; empty for none.
        marked: Which one.
    """
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in columns)
    body = ""
    for i, row in enumerate(rows):
        classes = [""] * len(row)
        if kinds and kinds[i]:
            classes[marked] = f' class="{kinds[i]}"'
        cells = [
            f"<td{kind}>{escaped(cell)}</td>"
            for kind, cell in zip(classes[1:], row[1:], strict=True)
        ]
        first = f'<th scope="row" title="{escaped(row[0])}">{escaped(row[0])}</th>'
        body += f"<tr>{first}{''.join(cells)}</tr>"
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escaped(caption)}"><table>'
        f"<caption>{escaped(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
