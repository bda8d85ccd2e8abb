"""Compares what came back with what was promised."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.checks import Verdict, check
from portal.models import AuditEvent, Location, Submission
from portal.shared_files import Missing, SharedFiles
from tests.restore_drill.people import Ledger, Promise


@dataclass(frozen=True)
class Findings:
    """Promises that were not kept, and what is wrong otherwise."""

    clinics_lost: Sequence[Promise]
    files_lost: Sequence[Promise]
    doubled: Sequence[str]
    half_kept: Sequence[str]
    """Names of clinics without their submission key or without their audit entry."""
    trail: Verdict

    def lost_from_before(self, backup_at: float) -> list[Promise]:
        """What the backup held and the restored hospital does not: there is no excuse for these."""
        return [one for one in [*self.clinics_lost, *self.files_lost] if one.at <= backup_at]

    def faults(self, backup_at: float) -> list[str]:
        found = [
            f"lost from before the backup: {one.name}" for one in self.lost_from_before(backup_at)
        ]
        found += [f"there twice: {name}" for name in self.doubled]
        found += [f"kept in part: {name}" for name in self.half_kept]
        return found + ([self.trail.fault] if self.trail.fault else [])


def examine(session: Session, store: SharedFiles, ledger: Ledger, seal_key: bytes) -> Findings:
    rows = session.execute(select(Location.name, Location.ref)).all()
    there = Counter(row.name for row in rows)
    keys = set(session.scalars(select(Submission.key)))
    audited = set(session.scalars(select(AuditEvent.entity)))
    promised = {one.name: one.key for one in [*ledger.clinics, *ledger.unknown]}
    return Findings(
        clinics_lost=[one for one in ledger.clinics if one.name not in there],
        files_lost=[one for one in ledger.files if _sha256(store, one.name) != one.sha256],
        doubled=[name for name, times in there.items() if times > 1],
        half_kept=[
            row.name
            for row in rows
            if row.name in promised
            and (promised[row.name] not in keys or Location.reference(row.ref) not in audited)
        ],
        trail=check(session, seal_key, datetime.now(UTC)),
    )


def _sha256(store: SharedFiles, name: str) -> str | None:
    try:
        return hashlib.sha256(store.get(name)).hexdigest()
    except Missing:
        return None
