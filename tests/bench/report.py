"""The figures as a table that reads well on a screen and in a Markdown file."""

from collections.abc import Sequence

from tests.bench.measuring import CLIENTS, Results
from tests.bench.pages import Page

BARE, PORTAL, RAW, SMALL = "bare", "portal", "raw driver", "portal, small"
_FEW, _MANY = CLIENTS

HEAD = (
    *("page", "statements", "pages/s, 1 client", "p50 / p99 ms", "pages/s, 16 clients"),
    *("p50 / p99 ms", "CPU ms", "× bare page", "of raw driver", "100 times the patients"),
)


def table(results: Results, pages: Sequence[Page]) -> str:
    """One line for each page; ratios are medians over the rounds of two neighbours' ratios."""
    rows = [HEAD, *(_row(results, page.name) for page in pages)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    )


def _row(results: Results, page: str) -> tuple[str, ...]:
    def spread(clients: int) -> str:
        p50, p99 = (results.median(page, PORTAL, clients, share) for share in ("p50", "p99"))
        return f"{p50 * 1000:.1f} / {p99 * 1000:.1f}"

    def per_second(clients: int) -> str:
        return f"{results.median(page, PORTAL, clients, 'per_second'):.0f}"

    def ratio(other: str, figure: str) -> float:
        return results.ratio(page, PORTAL, other, _MANY, figure)

    return (
        *(page, str(results.statements[page]), per_second(_FEW), spread(_FEW)),
        *(per_second(_MANY), spread(_MANY)),
        f"{results.median(page, PORTAL, _MANY, 'processor') * 1000:.2f}",
        f"{ratio(BARE, 'processor'):.1f}",
        f"{ratio(RAW, 'per_second'):.0%}",
        f"{ratio(SMALL, 'processor'):.2f}",
    )


def bare_line(results: Results, pages: Sequence[Page]) -> str:
    """The yardstick itself, and how far it swung."""
    times = [
        figures.processor * 1000
        for page in pages
        for figures in results.figures[page.name, BARE, _MANY]
    ]
    return f"A bare page: {min(times):.2f} to {max(times):.2f} ms of CPU"
