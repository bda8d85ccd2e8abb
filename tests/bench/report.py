"""The figures as a table that reads well on a screen and in a Markdown file."""

from collections.abc import Sequence
from operator import attrgetter

from tests.bench.measuring import CLIENTS
from tests.bench.pages import Page
from tests.bench.results import Ratio, Results

PORTAL, RAW, SMALL = "portal", "raw driver", "portal, small"
_FEW, _MANY = CLIENTS

BUSY = 0.1
"""Share of the processors. With more used by other programs, figures are not to be published."""

HEAD = (
    *("page", "statements", "pages/s, 1 client", "p50 / p99 ms", "pages/s, 16 clients"),
    *("p50 / p99 ms", "CPU ms", "database CPU ms", "× bare page", "of raw driver"),
    "100 times the patients",
)


def table(results: Results, pages: Sequence[Page]) -> str:
    """One line for each page. A ratio is the median of the rounds, with the least and the most."""
    rows = [HEAD, *(_row(results, page.name) for page in pages)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    )


def _row(results: Results, page: str) -> tuple[str, ...]:
    def median(figure: str, clients: int = _MANY) -> float:
        return results.median(page, PORTAL, clients, attrgetter(figure))

    def percentiles(clients: int) -> str:
        return f"{median('p50', clients) * 1000:.1f} / {median('p99', clients) * 1000:.1f}"

    def ratio(other: str, figure: str) -> Ratio:
        return results.ratio(page, PORTAL, other, _MANY, attrgetter(figure))

    return (
        *(page, str(results.statements[page])),
        *(f"{median('per_second', _FEW):.0f}", percentiles(_FEW)),
        *(f"{median('per_second'):.0f}", percentiles(_MANY)),
        *(f"{median('processor') * 1000:.2f}", f"{median('database') * 1000:.2f}"),
        _written(results.to_bare(page, PORTAL, _MANY), ".1f"),
        _written(ratio(RAW, "per_second"), ".0%"),
        _written(ratio(SMALL, "processor"), ".2f"),
    )


def _written(ratio: Ratio, form: str) -> str:
    return f"{ratio.middle:{form}} ({ratio.least:{form}} to {ratio.most:{form}})"


def bare_line(results: Results) -> str:
    """The bare page itself, and how much it varied."""
    times = [one.bare * 1000 for rounds in results.figures.values() for one in rounds]
    return f"A bare page: {min(times):.2f} to {max(times):.2f} ms of CPU"


def verdict(results: Results) -> str | None:
    """Why the figures are not to be published; None when they may be."""
    if results.strangers <= BUSY:
        return None
    return (
        f"Do not publish these figures: other programs used up to {results.strangers:.0%} of this"
        " machine's processors during a measurement."
    )
