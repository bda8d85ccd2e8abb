"""What a page needs from the raw driver: a connection per thread, rows, the account, audit entries."""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pymysql
from flask import abort, g, session
from sqlalchemy import make_url

from portal.access import Actor, Deed, Role
from portal.signin.sessions.rules import SignedIn
from portal.web import current

_threads = threading.local()


def connection() -> "pymysql.Connection[pymysql.cursors.Cursor]":
    if not hasattr(_threads, "connection"):
        address = make_url(os.environ["DATABASE_URL"])
        _threads.connection = pymysql.connect(
            host=address.host,
            port=address.port or 3306,
            user=address.username,
            password=address.password or "",
            database=address.database,
            charset="utf8mb4",
            init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        )
    return _threads.connection


def rows(statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
    with connection().cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def change(statement: str, *values: object) -> int:
    """The number of changed rows. Aborts with 409 when there are none."""
    with connection().cursor() as cursor:
        return cursor.execute(statement, values) or abort(409)


def one(statement: str, *values: object) -> tuple[Any, ...]:
    found = rows(statement, *values)
    return found[0] if found else abort(404)


def aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def today() -> date:
    return current.hospital().today(g.now)


def sign_in() -> None:
    """Looks up the cookie's token, as the portal does before each page."""
    token = session.get("_user_id", "")
    now = g.now = datetime.now(UTC)
    ref, seen, idle, expires, account_id, account_ref, name, roles, practitioner_id = one(
        "SELECT s.ref, s.last_seen_at, s.idle_seconds, s.expires_at, a.id, a.ref, a.name,"
        " a.role_values, a.practitioner_id FROM sign_in_session s"
        " JOIN account a ON a.id = s.account_id"
        " WHERE s.token_hash = %s AND s.ended_at IS NULL AND s.expires_at > %s"
        " AND a.disabled_at IS NULL",
        hashlib.sha256(token.encode()).hexdigest(),
        naive(now),
    )
    ends, expires = aware(seen) + timedelta(seconds=idle), aware(expires)
    if now >= ends:
        abort(401)
    held = frozenset(Role(role) for role in roles.split())
    actor = Actor(account_id, account_ref, name, held, practitioner_id, ref)
    g._login_user = SignedIn(token, actor, min(ends, expires), expires)


def actor() -> Actor:
    return g._login_user.actor


def remember(
    deed: Deed, of: str | None = None, patient: str | None = None, **detail: object
) -> None:
    """Writes the audit entry."""
    by = actor()
    change(
        "INSERT INTO audit_event (at, actor_ref, actor_name, actor_roles, session_ref, deed,"
        " entity, patient_ref, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        naive(g.now),
        by.ref,
        by.name,
        " ".join(sorted(role.value for role in by.roles)),
        by.session_ref,
        deed.value,
        of,
        patient,
        json.dumps(detail) if detail else None,
    )
