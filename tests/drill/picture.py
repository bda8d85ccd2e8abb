"""A drill as a chart over time: throughput, errors, latency and events."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.drill.figures import BIN, Figures

GOOD, BAD, SLOW, FAULT = "#0b5563", "#d5281b", "#768692", "#ed8b00"


def draw(figures: Figures, file: Path) -> None:
    """Writes an SVG. The same figures always give the same file."""
    mpl.rcParams |= {"svg.hashsalt": "medicare-hub", "svg.fonttype": "none"}
    picture = Figure(figsize=(9, 5), layout="constrained")
    rows = picture.subplots(3, sharex=True)
    at = [one.at for one in figures.moments]
    answered, failed, waited = rows
    answered.fill_between(at, [one.good / BIN for one in figures.moments], color=GOOD, step="post")
    answered.set_ylabel("good answers\na second")
    failed.fill_between(at, [one.bad / BIN for one in figures.moments], color=BAD, step="post")
    failed.set_ylabel("errors\na second")
    waited.step(at, [one.slowest for one in figures.moments], color=SLOW, where="post")
    waited.step(at, [one.median for one in figures.moments], color=GOOD, where="post")
    waited.set_ylabel("seconds: median\nand slowest")
    waited.set_xlabel("seconds since the first visit")
    for row in rows:
        row.set_ylim(bottom=0)
        row.spines[["top", "right"]].set_visible(False)
        _mark(row, figures)
    _name_the_marks(answered, figures)
    picture.savefig(file, metadata={"Date": None})


def _mark(row: Axes, figures: Figures) -> None:
    for at, _ in figures.marks:
        row.axvline(at, color=FAULT, linewidth=1)


def _name_the_marks(row: Axes, figures: Figures) -> None:
    for place, (at, words) in enumerate(figures.marks):
        row.annotate(
            f" {words}",
            (at, 1.02 + 0.13 * (len(figures.marks) - 1 - place)),
            xycoords=("data", "axes fraction"),
            fontsize=8,
            color="#212b32",
        )
