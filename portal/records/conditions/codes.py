"""ICD-10-CM: loading its codes into a table, and searching them by words."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from portal.context import Context
from portal.models import ProblemCode
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.records.rules import folded

MOST_WORDS, MOST = 6, 15
AT_ONCE = 1000

_code = table_of(ProblemCode)


class Code(NamedTuple):
    code: str
    title: str


_TITLE = select(_code.c.title).where(_code.c.code == bindparam("code"))


def find(context: Context, text: str) -> list[Code]:
    """Codes whose titles have, for each word of the text, a word that begins with it; short titles first."""
    words = folded(text).split()[:MOST_WORDS]
    if not words:
        return []
    code = text.strip().upper()
    if code.isascii() and (title := title_of(context, code)) is not None:
        return [Code(code, title)]
    statement = (
        select(*columns(Code, _code))
        .where(*(_code.c.search_text.like(f"% {word}%") for word in words))
        .order_by(func.length(_code.c.title), _code.c.code)
        .limit(MOST)
    )
    return rows(context.session, Code, statement)


def title_of(context: Context, code: str) -> str | None:
    """The code with its title; None if the table does not have it."""
    if not code.isascii():
        return None
    return context.session.execute(_TITLE, {"code": code}).scalar_one_or_none()


def load(session: Session, codes: Iterable[tuple[str, str]]) -> int:
    """Replaces the table's codes with these; returns how many."""
    session.execute(delete(_code))
    waiting: list[dict[str, str]] = []
    count = 0
    for code, title in codes:
        searched = f" {folded(f'{title} {code}')}"[:300]
        waiting.append({"code": code, "title": title[:255], "search_text": searched})
        count += 1
        if len(waiting) == AT_ONCE:
            session.execute(insert(_code), waiting)
            waiting.clear()
    if waiting:
        session.execute(insert(_code), waiting)
    return count
