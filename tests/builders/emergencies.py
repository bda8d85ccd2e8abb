"""Records that were opened in an emergency."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, EmergencyAccess, Patient
from tests.builders.people import an_account
from tests.builders.rows import NOW, added


def an_emergency_access(
    session: Session, patient: Patient, account: Account | None = None, **facts: Any
) -> EmergencyAccess:
    """An access that lasts four hours from `NOW`, by default for a doctor without a clinic."""
    account = account or an_account(session, Role.DOCTOR)
    defaults = {
        "reason": "Brought in unconscious",
        "begun_at": NOW,
        "ends_at": NOW + timedelta(hours=4),
    }
    row = EmergencyAccess(patient_id=patient.id, account_id=account.id, **{**defaults, **facts})
    return added(session, row)
