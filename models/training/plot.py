"""Draw what a phase has logged."""

from __future__ import annotations

import csv
from pathlib import Path


def plot_log(log: Path, picture: Path) -> None:
    """Draw every column of a metrics CSV over training minutes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = [n for n in rows[0] if n not in ("step", "seconds", "score")]
    minutes = [float(row["seconds"]) / 60 for row in rows]
    figure, axes = pyplot.subplots(1, len(names), figsize=(4 * len(names), 3), squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        axis.plot(minutes, [float(row[name]) for row in rows], marker=".")
        axis.set(title=name, xlabel="minutes")
    figure.tight_layout()
    figure.savefig(picture)
    pyplot.close(figure)
