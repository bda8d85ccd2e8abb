"""The report: one row for each drill, medians over its runs with their extremes, and the pictures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.drill.figures import Figures
from tests.drill.pace import percentile
from tests.drill.picture import draw

INTRODUCTION = """# The drill: what people see when a part of the hospital dies

`make drill` made this page ({runs} runs). Three network namespaces on one Linux machine are the zones.
They run the real portal under gunicorn with its workers, a MariaDB primary and a semi-synchronous
standby in different zones, and HAProxy as a load balancer with a node in each zone. There are some
eight hundred people. Those whose turn it is in these minutes follow the portal's pages and forms as
browsers do. They arrive at their own times, however long the others wait; a run in which nobody is free
to arrive fails. Who arrives when is drawn for each run from a seed that is printed (`DRILL="--seed N"`
repeats it). `tests/drill/faults.py` and `tests/drill/stalls.py` list the faults.

**The drill proves mechanisms, not AWS's timings.** Here the standby is promoted within seconds. RDS
takes 60 to 120 s for an instance and under 35 s for a cluster. The column "after promotion" shows
what the portal adds to that. The drill also watches, before each fault and all the time, that no commit
is acknowledged by one server alone. A Multi-AZ instance of RDS replicates below MySQL by itself, and
that can't be switched off.

## Nothing acknowledged is lost, nothing is done twice, nothing stays unresolved
"""
COLUMNS = (
    *("fault", "runs", "people", "saw an error", "promotion (s)"),
    *("first good read / write after the fault (s)", "after promotion (s)"),
    "/health/live, p99 (ms)",
    *("writes acknowledged", "sent again", "lost", "doubled", "unresolved"),
)
LEGEND = """
Each figure is the median of the runs, with the smallest and the largest in brackets where they
differ; lost, doubled and unresolved are sums. *Saw an error*: people who got at least one error page,
or had no answer within ten seconds. *Sent again*: forms that were sent again with the same submission
key: a waiting page's own form, or the same form after another error or no answer.

## What else must hold

After each run the checker compares what people were told with the database, the audit trail, the
emails and the shared files, both ways: what was acknowledged is there once, and what is there
was asked for, in the right record. The history of each slot is linearizable, holds included. A refusal
needs a reason in the history. Pages show the record, the time and the words that the reader knows.
A waiting page keeps every field. The trail is sealed and its seals are verified.
`tests/drill/test_wrong_histories.py` hands it histories that are wrong in one thing each;
`make drill-mutations` takes the safeties out of the portal.
"""
MET_WORDS = {
    "waiting": "the portal's waiting page",
    "other_errors": "another error page",
    "silence": "no answer",
}
MET_COLUMNS = ("fault", "instead of a good answer", "people", "forms sent again after it")


def write_report(every: Iterable[Figures], folder: Path) -> Path:
    """Writes `README.md` and a picture for each drill; returns the report's path."""
    by_scenario = defaultdict(list)
    for one in every:
        by_scenario[one.scenario].append(one)
    folder.mkdir(parents=True, exist_ok=True)
    runs_in_all = sum(map(len, by_scenario.values()))
    lines = [
        INTRODUCTION.format(runs=runs_in_all),
        _row(COLUMNS),
        _row(["---"] * len(COLUMNS)),
    ]
    lines += [_row(_cells(name, runs)) for name, runs in by_scenario.items()]
    lines += [
        LEGEND,
        *_met(by_scenario),
        *_paces(by_scenario),
        *_findings(by_scenario.values()),
        "## Over time",
    ]
    for name, runs in by_scenario.items():
        file = folder / f"{name.replace(' ', '-')}.svg"
        draw(runs[0], file)
        lines.append(f"### {name[0].upper()}{name[1:]}\n![{name}]({file.name})\n")
    report = folder / "README.md"
    report.write_text("\n".join(lines))
    return report


def in_a_line(one: Figures) -> str:
    """What is said as soon as a run is over."""
    verdict = "; ".join(one.findings[:5]) or "nothing broke a law"
    return (
        f"{one.scenario}: {one.acknowledged} writes acknowledged, {one.lost} lost, {one.doubled} doubled,"
        f" {one.people_who_saw_an_error} of {one.people} people saw an error"
        f" (seed {one.seed}), /health/live {one.health * 1000:.0f} ms (p99); {verdict}"
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(name: str, runs: Sequence[Figures]) -> list[str]:
    def figure(attribute: str) -> str:
        return _figure([getattr(one, attribute) for one in runs])

    def total(attribute: str) -> str:
        return f"**{sum(getattr(one, attribute) for one in runs)}**"

    return [
        name,
        str(len(runs)),
        *map(figure, ("people", "people_who_saw_an_error", "promotion")),
        f"{figure('read_after_fault')} / {figure('write_after_fault')}",
        f"{figure('read_after_promotion')} / {figure('write_after_promotion')}",
        _figure([round(one.health * 1000) for one in runs]),
        *map(figure, ("acknowledged", "sent_again")),
        *map(total, ("lost", "doubled", "unresolved")),
    ]


def _met(by_scenario: Mapping[str, Sequence[Figures]]) -> list[str]:
    """What people got instead of a good answer. A row of its own counts missing answers."""
    lines = ["## What people met instead", "", _row(MET_COLUMNS), _row(["---"] * len(MET_COLUMNS))]
    for name, runs in by_scenario.items():
        for kind, words in MET_WORDS.items():
            people = _figure([one.people_who_met[kind] for one in runs])
            lines.append(
                _row([name, words, people, _figure([one.sent_again_after[kind] for one in runs])])
            )
    return [*lines, ""]


def _figure(values: Sequence[float | None]) -> str:
    """The median and the extremes; a dash where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    digits = 1 if any(isinstance(value, float) for value in known) else 0
    least, middle, most = (f"{one:.{digits}f}" for one in (min(known), median(known), max(known)))
    return middle if least == most else f"{middle} ({least}–{most})"


def _paces(by_scenario: Mapping[str, Sequence[Figures]]) -> list[str]:
    """All runs of a scenario together: a hundredth of one run's pages is a handful."""
    said = []
    for name, runs in by_scenario.items():
        paces = [one.pace for one in runs if one.pace]
        calm = [seconds for one in paces for seconds in one.calm]
        held = [seconds for one in paces for seconds in one.with_fault]
        if calm and held:
            ratio = percentile(held, 99) / percentile(calm, 99)
            said.append(
                f"While {name}, the pages of everybody who needs no document take {_pace(held)}; on the"
                f" calm day before it {_pace(calm)}. The slowest hundredth is {ratio:.2f} times as slow.\n"
            )
    return said


def _pace(seconds: list[float]) -> str:
    half, most = (percentile(seconds, percent) * 1000 for percent in (50, 99))
    return f"{half:.0f} ms (p50) and {most:.0f} ms (p99, {len(seconds)} pages)"


def _findings(by_scenario: Iterable[Sequence[Figures]]) -> list[str]:
    found = [
        f"- {one.scenario}: {finding}"
        for runs in by_scenario
        for one in runs
        for finding in one.findings
    ]
    return ["## What broke a law", *found, ""] if found else []
