"""Finds code that is dangerous in a portal: SQL as text, HTML that is not escaped, a host that the
request names, and a query about patients that no clause narrows.
"""

import ast
from collections.abc import Iterator

from portal.models import Base

SQL_AS_TEXT = {"text", "literal_column", "TextClause", "exec_driver_sql", "cursor"}
NAMED_BY_THE_REQUEST = {"host", "host_url", "url_root", "root_url", "url", "base_url"}
NARROWING = {"scope", "patient_id", "encounter_id", "panel_id", "account_id", "author_account_id"}
"""A statement about patients compares or calls one of these."""


def raw_sql(tree: ast.AST) -> Iterator[ast.AST]:
    """SQL that is written as text instead of with SQLAlchemy's expressions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            if SQL_AS_TEXT & {alias.name for alias in node.names}:
                yield node
        elif isinstance(node, ast.Call):
            called = _called(node)
            runs_text = called == "execute" and any(map(_is_text, node.args[:1]))
            if runs_text or called in {"exec_driver_sql", "cursor"}:
                yield node


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def unescaped(tree: ast.AST) -> Iterator[ast.AST]:
    """`Markup` of anything: it is not escaped again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "Markup":
            yield node


def host_of_the_request(tree: ast.AST) -> Iterator[ast.AST]:
    """An address made with the host that the request names, which anybody may set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of_request = getattr(node.value, "id", "") == "request"
            found = of_request and node.attr in NAMED_BY_THE_REQUEST
        elif isinstance(node, ast.keyword):
            found = node.arg == "_external"
        else:
            found = isinstance(node, ast.Constant) and node.value in {"Host", "HTTP_HOST"}
        if found:
            yield node


def unscoped(tree: ast.AST) -> Iterator[ast.AST]:
    """A statement about patients at the top of a module that neither a scope nor a patient narrows."""
    body = getattr(tree, "body", [])
    about_patients, narrowing = _models_of_patients() | set(_tables_in(body)), set(NARROWING)
    for node in body:
        used = set(_names(node))
        if used & narrowing:
            # What is built with this clause or statement is narrowed too.
            narrowing |= set(_assigned(node))
        elif "select" in used and used & about_patients:
            yield node


def _tables_in(body: list[ast.stmt]) -> Iterator[str]:
    """The names that a module gives to tables of patients: `_note = table_of(Note)`."""
    models = _models_of_patients()
    for node in body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and _called(value) == "table_of":
            yield from _assigned(node) if models & set(_names(value)) else ()


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    yield from (name.id for name in targets if isinstance(name, ast.Name))


def _models_of_patients() -> set[str]:
    return {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if mapper.class_.__name__ == "Patient" or "patient_id" in mapper.columns
    }


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call) and _called(node) == "bindparam":
            yield from (str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant))


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
