"""Decides before the first byte whether a file of a request is kept: who may send it, and how many."""

from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from flask import request, session
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.access import Actor, Deed
from portal.accounts.sessions import late_actor
from portal.context import Context
from portal.database import db
from portal.errors import NotSignedIn, PortalError, Refused, TooMany, Unavailable
from portal.settings.hospital import MEGABYTE, Hospital
from portal.web import current
from portal.web.rate_limits import Limit, spend

DAY = timedelta(days=1)
AWAY = (OperationalError, PoolTimeout, Unavailable)
"""Exceptions that mean that the database is unavailable."""
MOST_UNASKED = 200
"""How many files one process keeps while the database can't check their senders."""


@dataclass
class Unasked:
    """Counts the files that were kept without a check since the database last answered."""

    count: int = 0

    def one_more(self) -> PortalError | None:
        self.count += 1
        if self.count > MOST_UNASKED:
            return Unavailable("We can't take in more files at the moment.")
        return None


@dataclass
class Gate:
    """The check for the files of one request; call `refusal` once per file."""

    hospital: Hospital
    deed: Deed
    """The view's deed. The patient is the one in the address."""
    unasked: Unasked
    _refusal: PortalError | None = field(default=None, init=False)

    def refusal(self, arrived: int) -> PortalError | None:
        """Why the next file, after `arrived` others, is refused; None when it is kept."""
        if "_user_id" not in session:
            return Refused("Sign in before you send files.")
        if arrived >= self.hospital.documents_at_once:
            return Refused(f"Send no more than {self.hospital.documents_at_once} files at once.")
        self._refusal = self._refusal or self._ask()
        return self._refusal

    def _ask(self) -> PortalError | None:
        """Files are kept while the database is unavailable, up to a limit for the disk."""
        try:
            self._admit((request.view_args or {})["patient_ref"])
        except AWAY:
            return self.unasked.one_more()
        except PortalError as fault:
            return fault
        finally:
            db.session.rollback()  # no open transaction during the upload
        self.unasked.count = 0
        return None

    def _admit(self, patient_ref: str) -> None:
        context = Context(db.session(), _sender(self.deed), self.hospital, current.now())
        context.find_patient(self.deed, patient_ref)
        a_day = Limit(self.hospital.documents_a_day, DAY)
        spend(context.session, f"documents {context.by.ref}", a_day, context.now)
        # Refused files, and files without a form afterwards, count too.
        context.session.commit()


def _sender(deed: Deed) -> Actor:
    """The sender. An expired session is accepted for an hour, because filling in the form took longer."""
    if current_user.is_authenticated:
        return current.actor_for(deed)
    if by := late_actor(db.session(), session["_user_id"], current.now()):
        return by
    raise NotSignedIn


def count_bytes(size: int) -> None:
    """Counts the bytes of all accounts; raises `TooMany` above the daily limit.

    Counts nothing while the database is unavailable: the gate has counted the files then.
    """
    megabytes = Limit(current.hospital().upload_megabytes_a_day, DAY)
    try:
        spend(db.session(), "documents megabytes", megabytes, current.now(), ceil(size / MEGABYTE))
        # The file counts even if it is refused later.
        db.session.commit()
    except AWAY:
        db.session.rollback()


def refuse_too_many(faults: list[PortalError | None]) -> None:
    """Raises the first `TooMany`, which concerns the sender and not one of the files."""
    for fault in faults:
        if isinstance(fault, TooMany):
            raise fault
