"""Dangerous code is only where somebody looked at it: each place is named here with its reason."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.laws.dangerous_code import host_of_the_request, raw_sql, unescaped, unscoped

ROOT = Path(__file__).parents[2]
Finder = Callable[[ast.AST], Iterator[ast.AST]]

RAW_SQL = {
    "portal/appointments/finding/statements.py": "a number of the portal's own, as a literal",
    "portal/database/__init__.py": "settings of a SQLite connection",
    "portal/database/connecting.py": "settings of a MySQL connection",
}
UNESCAPED = {
    "portal/signin/second_step/views.py": "the picture that a library draws of a code",
    "portal/web/seen.py": "a template of the portal's own, whose format() escapes",
    "portal/web/submissions.py": "a template of the portal's own, whose format() escapes",
}
HOST = {"portal/web/hosts.py": "compares it with the portal's own hosts"}
UNSCOPED = {
    "portal/documents/review/queries.py": "all closed files, for administrators; it names no patient",
    "portal/records/drafts/queries.py": "the appointment to return to, whose page asks who may see it",
}


def places(find: Finder, files: str) -> set[str]:
    """The modules of the portal in which it is. The demonstration is in no release."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "portal").rglob(files)
        if "development" not in path.parts and any(find(ast.parse(path.read_text())))
    }


@pytest.mark.parametrize(
    ("find", "files", "reviewed"),
    [
        (raw_sql, "*.py", RAW_SQL),
        (unescaped, "*.py", UNESCAPED),
        (host_of_the_request, "*.py", HOST),
        (unscoped, "queries.py", UNSCOPED),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_it_is_only_where_it_was_reviewed(
    find: Finder, files: str, reviewed: dict[str, str]
) -> None:
    assert places(find, files) == set(reviewed)


def test_no_template_turns_escaping_off() -> None:
    off = re.compile(r"\|\s*safe\b|autoescape\s+false|_external")
    names = {
        str(path.relative_to(ROOT))
        for folder in ("templates", "portal")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".html", ".svg", ".txt", ".xml"} and off.search(path.read_text())
    }

    assert names == set()
    assert off.search("{{ name | safe }}")
    assert off.search("{% autoescape false %}")


NOTES = "_note = table_of(Note)\n"


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (raw_sql, "from sqlalchemy import text"),
        (raw_sql, "connection.exec_driver_sql(statement)"),
        (raw_sql, "session.execute(f'SELECT {name}')"),
        (raw_sql, "session.execute('SELECT ' + name)"),
        (unescaped, "Markup(f'<b>{name}</b>')"),
        (unescaped, "markupsafe.Markup(name)"),
        (host_of_the_request, "url_for('home.home', _external=True)"),
        (host_of_the_request, "link = request.host_url + 'sign-in'"),
        (host_of_the_request, "link = request.headers['Host']"),
        (unscoped, NOTES + "_ALL = select(_note).where(_note.c.ref == bindparam('ref'))"),
        (unscoped, "def all_of(context): return context.session.scalars(select(Patient)).all()"),
    ],
)
def test_the_law_finds_it(find: Finder, source: str) -> None:
    assert list(find(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        NOTES + "_ALL = select(_note).where(_note.c.patient_id == bindparam('patient_id'))",
        NOTES + "_OF = _note.c.patient_id == bindparam('it')\n_ALL = select(_note).where(_OF)",
        "def all_of(found): return select(Patient).where(scope.patients(found))",
        "_location = table_of(Location)\n_ALL = select(_location)",
    ],
)
def test_a_statement_that_is_narrowed_is_fine(source: str) -> None:
    assert list(unscoped(ast.parse(source))) == []
