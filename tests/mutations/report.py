"""What is said of a sample: the score, and each survivor with its reason, where one is known."""

from collections.abc import Sequence

from tests.mutations.trying import Outcome


def score(outcomes: Sequence[Outcome]) -> float:
    """The share of mutants that were noticed."""
    return 1 - sum(one.survived for one in outcomes) / max(len(outcomes), 1)


def report(outcomes: Sequence[Outcome], seed: int) -> str:
    noticed = sum(not one.survived for one in outcomes)
    lines = [
        f"{noticed} of {len(outcomes)} mutants were noticed ({score(outcomes):.0%}), seed {seed}."
    ]
    survivors = [one for one in outcomes if one.survived]
    if survivors:
        lines += ["", "Survived:"]
    lines += [f"- {one.words} ({one.tests} tests run it)" for one in survivors]
    return "\n".join(lines) + "\n"
