"""The account of the person who signs in: found by issuer and subject, created at the first sign-in."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.models import Account, role_values
from portal.signin.provider.person import Person
from portal.signin.provider.refusals import DISABLED, SignInRefused

NAMELESS = "Name not known"


def recognise(session: Session, person: Person, *, now: datetime) -> Account:
    """The person's account, with the provider's current name, email and roles.

    Raises `SignInRefused` when the account is disabled.
    """
    account = _refreshed(session, person, now) or _made(session, person, now)
    if account.disabled_at is not None:
        raise SignInRefused("the account is disabled", DISABLED, 403)
    return account


def _refreshed(session: Session, person: Person, now: datetime) -> Account | None:
    same = (Account.issuer == person.issuer, Account.subject == person.subject)
    values: dict[str, Any] = {"email": person.email, "role_values": role_values(person.roles)}
    if person.name or person.email:
        values["name"] = person.name or person.email
    if person.username:
        values["username"] = person.username
    names = ("id", "name", "email", "username", "role_values")
    before = session.execute(
        select(*(getattr(Account, name) for name in names)).where(*same)
    ).one_or_none()
    if before and any(getattr(before, name) != value for name, value in values.items()):
        values["version"] = Account.version + 1
    session.execute(
        update(Account).where(*same).values(values).execution_options(synchronize_session=False)
    )
    if before and before.role_values != values["role_values"]:
        # A session with the former roles may lack the second step that the new roles need.
        sessions.end(session, before.id, now)
    return session.scalars(
        select(Account).where(*same).execution_options(populate_existing=True)
    ).one_or_none()


def _made(session: Session, person: Person, now: datetime) -> Account:
    account = Account(
        issuer=person.issuer,
        subject=person.subject,
        username=person.username,
        name=person.name or person.email or NAMELESS,
        email=person.email,
        role_values=role_values(person.roles),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Another tab of the same person was faster: its row has the unique key.
        first = _refreshed(session, person, now)
        if first is None:
            raise
        return first
    return account
