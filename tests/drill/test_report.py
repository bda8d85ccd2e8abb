"""The report shows the results of the runs."""

from pathlib import Path
from typing import Any

from tests.drill.figures import Figures, Moment
from tests.drill.pace import Pace
from tests.drill.report import in_a_line, write_report

RUN = Figures(
    scenario="a zone is cut off",
    seconds=30.0,
    people=200,
    people_who_saw_an_error=4,
    people_who_met={"waiting": 3, "other_errors": 0, "silence": 2},
    requests=900,
    errors=6,
    promotion=7.0,
    read_after_fault=0.2,
    write_after_fault=7.2,
    read_after_promotion=0.1,
    write_after_promotion=0.2,
    acknowledged=120,
    sent_again=3,
    sent_again_after={"waiting": 1, "other_errors": 0, "silence": 2},
    lost=0,
    doubled=0,
    unresolved=0,
    findings=[],
    seed=4711,
    health=0.012,
    marks=[(4.0, "zone A is cut off"), (11.0, "the name moved")],
    moments=[Moment(0.0, 10, 0, 0.02, 0.1), Moment(0.5, 0, 3, 0.0, 0.0)],
)


def another(**facts: Any) -> Figures:
    return Figures(**{**vars(RUN), **facts})


def test_figures_are_kept_and_found_again(tmp_path: Path) -> None:
    run = another(pace=Pace(calm=[0.01], with_fault=[]))
    run.keep(tmp_path, 0)
    [found] = Figures.kept(tmp_path)
    assert found == run


def test_a_row_holds_medians_with_extremes_and_sums_of_what_must_not_be(tmp_path: Path) -> None:
    runs = [RUN, another(promotion=8.0, lost=1), another(promotion=12.5, lost=2)]
    report = write_report(runs, tmp_path).read_text()
    row, *_ = [line for line in report.splitlines() if line.startswith("| a zone is cut off")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == "3"
    assert cells[4] == "8.0 (7.0–12.5)"
    assert cells[5] == "0.2 / 7.2"
    assert cells[-3:] == ["**3**", "**0**", "**0**"]


def test_the_pace_of_all_runs_is_told_together(tmp_path: Path) -> None:
    paces = [Pace(calm=[0.01] * 60, with_fault=[0.02] * 60) for _ in range(2)]
    runs = [another(scenario="the share hangs", pace=one) for one in paces]
    report = write_report(runs, tmp_path).read_text()
    assert "take 20 ms (p50) and 20 ms (p99, 120 pages)" in report
    assert "2.00 times as slow" in report


def test_missing_answers_have_a_row_of_their_own(tmp_path: Path) -> None:
    report = write_report([RUN], tmp_path).read_text()
    assert "| a zone is cut off | no answer | 2 | 2 |" in report
    assert "| a zone is cut off | the portal's waiting page | 3 | 1 |" in report


def test_the_seed_is_printed() -> None:
    assert "seed 4711" in in_a_line(RUN)


def test_what_broke_a_law_is_told(tmp_path: Path) -> None:
    broken = another(findings=["acknowledged and lost: Abc"])
    assert "acknowledged and lost: Abc" in write_report([broken], tmp_path).read_text()
    assert "acknowledged and lost: Abc" in in_a_line(broken)
    assert "nothing broke a law" in in_a_line(RUN)


def test_there_is_a_picture_of_each_drill(tmp_path: Path) -> None:
    write_report([RUN, another(scenario="a zone is slow", promotion=None)], tmp_path)
    for name in ("a-zone-is-cut-off", "a-zone-is-slow"):
        assert (tmp_path / f"{name}.svg").read_text().count("<path") > 10


def test_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    pictures = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_report([RUN], folder)
        pictures.append((folder / "a-zone-is-cut-off.svg").read_text())
    assert pictures[0] == pictures[1]
