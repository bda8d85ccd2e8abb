"""The rules about members of staff."""

import pytest

from portal.administration.staff.rules import parts_of


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr Grace Lindqvist", ("Dr", "Grace", "Lindqvist")),
        ("Prof. Dr. Ana María Ruiz", ("Prof. Dr.", "Ana María", "Ruiz")),
        ("Grace Lindqvist", ("", "Grace", "Lindqvist")),
        ("Madonna", ("", "", "Madonna")),
        ("Dr", ("", "", "Dr")),
        ("Drew Miller", ("", "Drew", "Miller")),
        ("", ("", "", "")),
    ],
)
def test_a_title_is_not_taken_for_a_first_name(name: str, parts: tuple[str, str, str]) -> None:
    assert parts_of(name) == parts
