"""A form of the portal, and the end of everybody's session."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models import SignInSession

NEW = "/administration/clinics/new"


def everybody_idles(records: Session) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=1)
    records.execute(update(SignInSession).values(last_seen_at=long_ago))
    records.commit()
